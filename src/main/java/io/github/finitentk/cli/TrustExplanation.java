package io.github.finitentk.cli;

/** What {@code ntk trust --explain} adds. */
final class TrustExplanation {

    static final String TEXT = """

            Where the numbers come from (equations of Seleznova & Kutyniok; docs/trust.md has the thresholds' reasons):
              phase         chi_1 = sigma_w^2 E[phi'(sqrt(q*) z)^2] at the fixed point q* of eq. (5): below 1 gradients vanish
                            (ordered), above 1 they explode (chaotic); the edge of chaos is chi_1 = 1.
              determinism   eq. (4), where it is used: kernels of random networks are drawn at the true width, and each predicts
                            eighths of the data from the rest by eq. (10), beside Theta* of Lemma 2; the root mean square
                            distance in units of the prediction's standard deviation over networks (section 5, Appendix B).
                            A direction v_k is reached if t lambda_k/S >= 0.1 and noisy if |(Theta^0 - Theta*) v_k| > lambda_k.
                            E[Theta(x,x)^2]/E[Theta(x,x)]^2 over initialisations, section 3, is what the paper plots: its
                            excess over 1 is the squared relative standard deviation. ReLU: exact moments; else sampled.
              constancy     eq. (3). ||Theta^t - Theta^0||_F / ||Theta^0||_F on the training inputs, section 4, after training
                            on eq. (2)'s loss 1/(2S) to t lambda_max(Theta*)/S = 1000 unless a rate is given: networks of the
                            true width, else extrapolated from fewer samples or smaller widths, else unknown.
              regression    eq. (10) inverts Theta*(X) of Lemma 2. kappa_1/kappa_2 -> 1 makes it degenerate (figure 6).
                            The largest stable rate is 2/lambda_max(Theta*/S); the condition number is about the number of
                            steps that the slowest direction takes at it.
              verdict       trust: all three hold. do-not-trust: eq. (3) or (4) fails. unknown: neither fails, but
                            the budget does not pay for an answer about one of them. caution: anything in between.
            """;

    /** What it adds where a network was given. */
    static final String OF_NETWORKS = """

            Where the numbers come from (equations of Seleznova & Kutyniok; docs/trust.md has the thresholds' reasons):
              phase         chi_1 = sigma_w^2 E[phi'(sqrt(q*) z)^2] at the fixed point q* of eq. (5). Estimated variances are means of
                            n_{l-1} W^2 and b^2 over all weights and biases before training; a border within two standard errors is
                            the edge.
              determinism   E[Theta(x,x)^2]/E[Theta(x,x)]^2 over networks drawn with these variances, section 3.
              constancy     eq. (3). ||Theta^t - Theta^0||_F / ||Theta^0||_F of the mean over outputs, section 4; and how far eq. (10) with
                            Theta^0 is from the trained network. The worse of the two decides. Where nothing is predicted the
                            network that is linear in its weights, f_0 + J_0 (w - w_0), lowers by one step if it says worse.
              regression    eq. (10) inverts Theta^0. The largest stable rate is 2/lambda_max(Theta^0/S) of all outputs.
            """;

    private TrustExplanation() {}
}
