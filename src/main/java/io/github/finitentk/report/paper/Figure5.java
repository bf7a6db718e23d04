package io.github.finitentk.report.paper;

/** {@code kappa_2} by depth. */
final class Figure5 extends KappaFigure {

    @Override
    public int number() {
        return 5;
    }

    @Override
    public boolean hasStyles() {
        return false;
    }

    @Override
    public String title() {
        return "$\\kappa_2$ of the infinite-width NTK by depth";
    }

    @Override
    String quantity() {
        return "$\\kappa_2$";
    }

    @Override
    double[] values(KappaCurves.Panel panel, int covariance) {
        return panel.kappa2()[covariance];
    }

    @Override
    boolean logarithmic(KappaCurves.Panel panel) {
        return panel.phase().equals("chaotic");
    }
}
