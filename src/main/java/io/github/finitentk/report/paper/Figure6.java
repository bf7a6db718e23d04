package io.github.finitentk.report.paper;

/** {@code kappa_1 / kappa_2} by depth: how well conditioned the kernel is. */
final class Figure6 extends KappaFigure {

    @Override
    public int number() {
        return 6;
    }

    @Override
    public boolean hasStyles() {
        return false;
    }

    @Override
    public String title() {
        return "$\\kappa_1 / \\kappa_2$ of the infinite-width NTK by depth";
    }

    @Override
    String quantity() {
        return "$\\kappa_1 / \\kappa_2$";
    }

    @Override
    double[] values(KappaCurves.Panel panel, int covariance) {
        double[] ratio = new double[panel.kappa1().length];
        for (int k = 0; k < ratio.length; k++) {
            ratio[k] = panel.kappa1()[k] / panel.kappa2()[covariance][k];
        }
        return ratio;
    }

    @Override
    boolean logarithmic(KappaCurves.Panel panel) {
        return panel.phase().equals("chaotic");
    }
}
