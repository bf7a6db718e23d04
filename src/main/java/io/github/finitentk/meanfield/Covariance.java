package io.github.finitentk.meanfield;

/**
 * Second moments of one quantity (a preactivation or an activation) for two inputs s and r:
 * {@code [[qs, qsr], [qsr, qr]]}, with the small numbers that subtraction would lose.
 *
 * <p>Deep chaotic networks multiply the distance of two near-duplicate inputs by {@code chi_1} in every layer, and the
 * ReLU kernel has a square root at {@code c = 1}. Both need {@code 1 - c} to full *relative* accuracy, which cannot be
 * recovered from {@code qsr}. So the gap is carried through the layers as a quantity of its own; every formula that
 * updates it adds nonnegative terms only.
 *
 * @param qs second moment of input s, nonnegative
 * @param qr second moment of input r, nonnegative
 * @param qsr their covariance
 * @param gap {@code sqrt(qs qr) - qsr = sqrt(qs qr) (1 - c)}, nonnegative
 * @param antiGap {@code sqrt(qs qr) + qsr = sqrt(qs qr) (1 + c)}, nonnegative
 * @param difference {@code qs - qr}
 */
record Covariance(double qs, double qr, double qsr, double gap, double antiGap, double difference) {

    /** Correlations may exceed 1 by rounding; beyond this they are an error of the caller. */
    private static final double SLACK = 1e-12;

    /** Below this share of the scale, a gap determines the covariance. */
    private static final double TIED = 0.25;

    Covariance {
        if (!(qs >= 0 && qr >= 0 && gap >= 0 && antiGap >= 0)
                || !Double.isFinite(qs + qr + gap + antiGap)
                || !Double.isFinite(qsr + difference)) {
            throw new IllegalArgumentException("A covariance needs finite variances >= 0 and |c| <= 1, not qs = " + qs
                    + ", qr = " + qr + ", qsr = " + qsr + ".");
        }
    }

    /** The covariance of these entries, or null where one of them is not a finite number. */
    static Covariance ifFinite(double qs, double qr, double qsr, double gap, double antiGap, double difference) {
        return Double.isFinite(qs + qr) && Double.isFinite(qsr + gap + antiGap) && Double.isFinite(difference)
                ? new Covariance(qs, qr, qsr, gap, antiGap, difference)
                : null;
    }

    /**
     * From the three second moments. The gaps come from subtraction, so near duplicates are only as good as the
     * arguments; use {@link #ofInputs} when the inputs are at hand.
     *
     * @throws IllegalArgumentException unless {@code qs, qr >= 0}, all are finite and {@code |qsr| <= sqrt(qs qr)}
     */
    static Covariance of(double qs, double qr, double qsr) {
        double scale = Math.sqrt(qs) * Math.sqrt(qr);
        if (!(qs >= 0 && qr >= 0 && Math.abs(qsr) <= scale * (1 + SLACK)) || !Double.isFinite(scale)) {
            throw new IllegalArgumentException("A covariance needs finite variances >= 0 and |qsr| <= sqrt(qs qr), not"
                    + " qs = " + qs + ", qr = " + qr + ", qsr = " + qsr + ".");
        }
        double clamped = Math.max(-scale, Math.min(scale, qsr));
        return new Covariance(qs, qr, clamped, scale - clamped, scale + clamped, qs - qr);
    }

    /**
     * From variances and correlation.
     *
     * @throws IllegalArgumentException unless {@code qs, qr >= 0} and {@code -1 <= c <= 1}
     */
    static Covariance ofCorrelation(double qs, double qr, double c) {
        if (!(c >= -1 && c <= 1)) {
            throw new IllegalArgumentException("The correlation c must lie in [-1, 1], not " + c + ".");
        }
        if (!(qs >= 0 && qr >= 0) || !Double.isFinite(qs + qr)) {
            throw new IllegalArgumentException(
                    "The variances must be finite numbers >= 0, not " + qs + " and " + qr + ".");
        }
        double scale = Math.sqrt(qs) * Math.sqrt(qr);
        return new Covariance(qs, qr, scale * c, scale * (1 - c), scale * (1 + c), qs - qr);
    }

    /**
     * {@code qhat^0} of two inputs, with the gap from direct differences: with {@code e = y - x} and its part
     * perpendicular to x, {@code |x|^2 |y|^2 - (x.y)^2 = |x|^2 |e_perp|^2} (for {@code c < 0} with {@code e = y + x}). Its error
     * is one rounding of {@code |e|}, however close the inputs are.
     *
     * @throws IllegalArgumentException if the lengths differ, are 0, or an entry is not finite
     */
    static Covariance ofInputs(double[] x, double[] y) {
        if (x.length != y.length || x.length == 0) {
            throw new IllegalArgumentException(
                    "Two inputs need the same length of at least 1, not " + x.length + " and " + y.length + ".");
        }
        return ofInputs(x, 0, y, 0, x.length);
    }

    /** The same for {@code n} entries of two arrays from the given offsets. */
    static Covariance ofInputs(double[] x, int offsetX, double[] y, int offsetY, int n) {
        double xx = 0;
        double yy = 0;
        double xy = 0;
        for (int i = 0; i < n; i++) {
            double a = x[offsetX + i];
            double b = y[offsetY + i];
            xx += a * a;
            yy += b * b;
            xy += a * b;
        }
        double sign = xy < 0 ? 1 : -1;
        double along = 0;
        double difference = 0;
        for (int i = 0; i < n; i++) {
            double a = x[offsetX + i];
            double b = y[offsetY + i];
            along += (b + sign * a) * a;
            difference += (a - b) * (a + b);
        }
        double projection = xx > 0 ? along / xx : 0;
        double perpendicular = 0;
        for (int i = 0; i < n; i++) {
            double a = x[offsetX + i];
            double e = y[offsetY + i] + sign * a - projection * a;
            perpendicular += e * e;
        }
        double scale = Math.sqrt(xx) * Math.sqrt(yy);
        double determinant = xx * perpendicular;
        double large = scale + Math.abs(xy);
        double small = large > 0 ? determinant / large : 0;
        boolean positive = xy >= 0;
        return new Covariance(
                xx / n, yy / n, xy / n, (positive ? small : large) / n, (positive ? large : small) / n, difference / n);
    }

    /** {@code sqrt(qs qr)}. */
    double scale() {
        return Math.sqrt(qs) * Math.sqrt(qr);
    }

    /** {@code c = qsr / sqrt(qs qr)} in [-1, 1]; 1 if either variance is 0. */
    double correlation() {
        double scale = scale();
        return scale > 0 ? Math.max(-1, Math.min(1, qsr / scale)) : 1;
    }

    /** {@code qs qr - qsr^2}, without cancellation. */
    double determinant() {
        return gap * antiGap;
    }

    /** {@code sqrt(qs qr - qsr^2)}, also where the square leaves the range of a double. */
    double rootDeterminant() {
        double determinant = determinant();
        return determinant < Double.POSITIVE_INFINITY && determinant >= Double.MIN_NORMAL
                ? Math.sqrt(determinant)
                : Math.sqrt(gap) * Math.sqrt(antiGap);
    }

    /** {@code E[(u_s - u_r)^2] = qs + qr - 2 qsr}, without cancellation. */
    double distance2() {
        double radial = rootDifference();
        return radial * radial + 2 * gap;
    }

    /** {@code sqrt(qs) - sqrt(qr)}, without cancellation. */
    double rootDifference() {
        double sum = Math.sqrt(qs) + Math.sqrt(qr);
        return sum > 0 ? difference / sum : 0;
    }

    /** The covariance after a random linear layer, {@code q = sigmaW2 * this + sigmaB2} entry by entry. */
    Covariance throughWeights(double sigmaW2, double sigmaB2) {
        double nextQs = sigmaW2 * qs + sigmaB2;
        double nextQr = sigmaW2 * qr + sigmaB2;
        double oldScale = sigmaW2 * scale();
        double newScale = Math.sqrt(nextQs) * Math.sqrt(nextQr);
        double nextGap = sigmaW2 * gap;
        double nextAntiGap = sigmaW2 * antiGap;
        if (sigmaB2 > 0) {
            // newScale^2 - (oldScale + sigmaB2)^2 = sigmaW2 sigmaB2 (sqrt qs - sqrt qr)^2, and the like for the other.
            double root = rootDifference();
            nextGap += sigmaW2 * sigmaB2 * root * root / (newScale + oldScale + sigmaB2);
            nextAntiGap += sigmaB2 + sigmaB2 * (sigmaW2 * (qs + qr) + sigmaB2) / (newScale + oldScale);
        }
        // The covariance is redundant beside the gaps: left alone, its rounding error would grow by its own factor per
        // layer.
        double nextQsr = sigmaW2 * qsr + sigmaB2;
        if (nextGap < TIED * newScale) {
            nextQsr = newScale - nextGap;
        } else if (nextAntiGap < TIED * newScale) {
            nextQsr = nextAntiGap - newScale;
        }
        return new Covariance(nextQs, nextQr, nextQsr, nextGap, nextAntiGap, sigmaW2 * difference);
    }
}
