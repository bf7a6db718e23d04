package io.github.finitentk.internal.purejava;

/**
 * The Rao-Blackwell recursion; twin of {@code moment_forms.cpp}. Given the forward pass of one input, with
 * {@code A = z^l·delta^l} ({@code z^l} the unit normals of layer l) and {@code D = |delta^l|^2}, the part V of Theta that
 * layers 1 ... l contribute obeys
 *
 * <pre>
 * E[V | A, D] = ta A^2 + tb D,     E[V^2 | A, D] = pa A^4 + pb A^2 D + pc D^2,
 * </pre>
 *
 * and the five numbers are carried from the input up to the output, where {@code E A^2 = D = 1} and {@code E A^4 = 3}.
 */
final class MomentForms {

    double ta;
    double tb;
    long firstExponent;
    double pa;
    double pb;
    double pc;
    long secondExponent;

    /** Layer 1 alone: {@code V = D x}. */
    static MomentForms bottom(Scaled x) {
        MomentForms forms = new MomentForms();
        forms.tb = x.mantissa;
        forms.firstExponent = x.exponent;
        forms.pc = x.mantissa * x.mantissa;
        forms.secondExponent = 2 * x.exponent;
        return forms;
    }

    /**
     * From the part below layer l's weights to the part that includes them.
     *
     * <p>{@code W^T delta = sqrt(c) (u w + y)} with {@code u = x/|x|}, {@code w^2 = rho A^2 + (1 - rho) D} on average,
     * {@code y ~ N(0, D (I - u u^T))}. With {@code Phi = diag(p)} and {@code b = z o phi'}:
     * {@code A' = sqrt(c) b·(u w + y)} and {@code D' = c (u w + y)^T Phi (u w + y)}.
     *
     * @param s of layer l - 1
     * @param rho the weights' share of {@code v_l}
     * @param rest the biases' share
     * @param c {@code sigma_w^2 / n_{l-1}}
     * @param x {@code |x^{l-1}|^2 + 1}
     */
    void lift(LayerSums s, double rho, double rest, double c, Scaled x) {
        double inverse = s.x2() > 0 ? 1 / s.x2() : 0; // a layer without active units has no direction u
        double root = s.x2() > 0 ? 1 / Math.sqrt(s.x2()) : 0;
        double t1 = s.pX2() * inverse; // u^T Phi u
        double t2 = s.p2X2() * inverse; // u^T Phi^2 u
        double beta = s.zsX() * root; // b·u
        double kappa = s.zsPX() * root; // b^T Phi u
        double tau = positive(s.p() - t1); // tr Phi P, P = I - u u^T
        double gamma = positive(s.z2P() - beta * beta); // b^T P b
        double eta = kappa - beta * t1; // b^T P Phi u
        double zeta = positive(t2 - t1 * t1); // u^T Phi P Phi u
        double omega = positive((s.z2P2() - 2 * (beta * kappa)) + beta * beta * t1); // b^T P Phi P b
        double chi = positive((s.p2() - 2 * t2) + t1 * t1); // tr Phi P Phi P
        double beta2 = beta * beta;

        // E[V | w, D] = c (firstW w^2 + firstD D)
        double firstW = ta * beta2 + tb * t1;
        double firstD = ta * gamma + tb * tau;
        double newTa = c * (firstW * rho);
        double newTb = c * (firstW * rest + firstD);

        // E[V^2 | w, D] = c^2 (w4 w^4 + w2 w^2 D + w0 D^2)
        double w4 = (pa * (beta2 * beta2) + pb * (beta2 * t1)) + pc * (t1 * t1);
        double w2 = (pa * (6 * beta2 * gamma) + pb * ((beta2 * tau + 4 * (beta * eta)) + t1 * gamma))
                + pc * (4 * zeta + 2 * (t1 * tau));
        double w0 = (pa * (3 * (gamma * gamma)) + pb * (gamma * tau + 2 * omega)) + pc * (tau * tau + 2 * chi);
        double c2 = c * c;
        double newPa = c2 * (rho * rho * w4);
        double newPb = c2 * (6 * (rho * rest) * w4 + rho * w2);
        double newPc = c2 * ((3 * (rest * rest) * w4 + rest * w2) + w0);

        // Layer l itself adds D x to V, so D^2 x^2 + 2 D x V to V^2.
        long cross = x.exponent + firstExponent;
        long own = 2 * x.exponent;
        long top = Math.max(Math.max(secondExponent, cross), own);
        double alignOld = Scaled.powerOfTwo(secondExponent - top);
        double alignCross = 2 * x.mantissa * Scaled.powerOfTwo(cross - top);
        pa = newPa * alignOld;
        pb = newPb * alignOld + newTa * alignCross;
        pc = (newPc * alignOld + newTb * alignCross) + x.mantissa * x.mantissa * Scaled.powerOfTwo(own - top);
        secondExponent = top;

        long firstTop = Math.max(firstExponent, x.exponent);
        double alignFirst = Scaled.powerOfTwo(firstExponent - firstTop);
        ta = newTa * alignFirst;
        tb = newTb * alignFirst + x.mantissa * Scaled.powerOfTwo(x.exponent - firstTop);
        firstExponent = firstTop;
        normalize();
    }

    // The native core's std::max(a, 0.0), which keeps a NaN; Math.max would differ in the sign of zero only.
    private static double positive(double a) {
        return a < 0 ? 0 : a;
    }

    private void normalize() {
        Scaled first = new Scaled(ta + tb, 0);
        first.normalize();
        if (first.exponent != 0) {
            double factor = Scaled.powerOfTwo(-first.exponent);
            ta *= factor;
            tb *= factor;
            firstExponent += first.exponent;
        }
        Scaled second = new Scaled((pa + Math.abs(pb)) + pc, 0);
        second.normalize();
        if (second.exponent != 0) {
            double factor = Scaled.powerOfTwo(-second.exponent);
            pa *= factor;
            pb *= factor;
            pc *= factor;
            secondExponent += second.exponent;
        }
    }

    /** {@code E[Theta | forward]} of the network that ends here, without its power of two. */
    double firstMoment() {
        return ta + tb;
    }

    /** {@code E[Theta^2 | forward]} of the network that ends here, without its power of two. */
    double secondMoment() {
        return (3 * pa + pb) + pc;
    }
}
