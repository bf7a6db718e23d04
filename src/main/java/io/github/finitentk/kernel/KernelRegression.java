package io.github.finitentk.kernel;

import io.github.finitentk.compute.NotPositiveDefiniteException;
import io.github.finitentk.data.Kernel;
import io.github.finitentk.data.Targets;
import io.github.finitentk.internal.compute.Cholesky;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.LinearAlgebra;
import io.github.finitentk.internal.compute.SymmetricEigen;
import java.util.Arrays;

/**
 * Gradient flow of the loss {@code 1/(2S) sum (f(x_s) - y_s)^2} with a kernel that stays constant, {@code df/dt(x) = -Theta(x,X)
 * (f(X) - Y) / S}, at any time t (eq. (10) and its form before convergence):
 * <pre>
 * f_t(x) = f_0(x) - B_t (f_0(X) - Y),      B_t = Theta(x,X) Theta(X)^-1 (I - exp(-t Theta(X)/S)),      B_inf = Theta(x,X) Theta(X)^-1
 * </pre>
 * The matrix {@code B_t} ({@link Smoother}) is all there is to it: mean, variance and every single prediction follow. The
 * kernel may be the empirical one of a network or an infinite-width limit; gradient descent with a small rate eta is at
 * {@code t = eta * steps} (twice that if it descends the plain mean squared error).
 *
 * <p><b>Conditioning.</b> {@code B_inf} is found by Cholesky decomposition if the kernel is positive definite with a
 * reciprocal condition number (1-norm, as LAPACK estimates it) above {@link #cutOff}; its relative error is then about
 * {@code conditionNumber() * 1e-16}. Otherwise, and for finite t always, by the spectral decomposition, in which directions
 * with an eigenvalue of at most {@code cutOff lambda_max} are dropped: nothing is known about them in double precision. In
 * the dropped directions the network keeps its initial values. {@link Smoother#dropped} and {@link #droppedShare} say what
 * was lost. A ridge r replaces Theta(X) by {@code Theta(X) + r I} throughout.
 *
 * <p>All of it is in memory, several times. With tens of thousands of inputs {@link KernelSolver} finds predictions at convergence; a finite t
 * needs the eigenvalues, and so this class.
 *
 * <p>Not thread-safe: decompositions are made when first needed, and kept.
 */
public final class KernelRegression {

    private final TrainTestKernel theta;
    private final int inputs;
    private final LinearAlgebra algebra;
    private final double[] train;
    private SymmetricEigen eigen;

    private KernelRegression(TrainTestKernel theta, int outputs, double[] train, LinearAlgebra algebra) {
        this.theta = theta;
        inputs = theta.samples() / outputs;
        this.train = train;
        this.algebra = algebra;
    }

    /** Without a ridge. */
    public static KernelRegression of(TrainTestKernel theta, Engine engine) {
        return of(theta, 0, engine);
    }

    /**
     * @param theta the NTK
     * @param ridge added to the diagonal of {@code Theta(X)}; finite, not negative, in the units of Theta
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if the ridge is out of its range
     */
    public static KernelRegression of(TrainTestKernel theta, double ridge, Engine engine) {
        return of(theta, 1, ridge, engine);
    }

    /**
     * With the {@link KernelForm#FULL} kernel of a network with several outputs, whose S inputs have {@code S K} rows; the loss is
     * {@code 1/(2S) sum |f(x_s) - y_s|^2}. Of all other forms the kernel is {@code Theta (x) I_K}: every output is learnt with
     * {@code Theta} by itself.
     *
     * @param theta {@code S K x S K} and {@code T K x S K}, rows in the order of {@link KernelForm#FULL}
     * @param outputs K, at least 1
     * @throws IllegalArgumentException if the ridge is out of its range, or the kernel has no K rows for each input
     */
    public static KernelRegression of(TrainTestKernel theta, int outputs, double ridge, Engine engine) {
        if (outputs < 1 || theta.samples() % outputs != 0 || theta.tests() % outputs != 0) {
            throw new IllegalArgumentException("A " + theta + " does not have " + outputs + " rows for each of them.");
        }
        if (!(ridge >= 0) || Double.isInfinite(ridge)) {
            throw new IllegalArgumentException("The ridge must be a finite number >= 0, not " + ridge + ".");
        }
        double[] train = theta.train().toArray();
        for (int s = 0; s < theta.samples(); s++) {
            train[s * theta.samples() + s] += ridge;
        }
        return new KernelRegression(theta, outputs, train, engine.linearAlgebra());
    }

    /** {@code S 2^-52}: eigenvalues smaller than this times the largest one are rounding errors. */
    public double cutOff() {
        return theta.samples() * 0x1p-52;
    }

    /**
     * {@code lambda_max / lambda_min} of {@code Theta(X)} plus ridge; infinite if lambda_min is not positive. Above about
     * {@code 1e15} only its order of magnitude means anything.
     *
     * @throws IllegalArgumentException if the kernel is not finite
     */
    public double conditionNumber() {
        return conditionNumber(eigen());
    }

    /**
     * The same of a kernel on training inputs alone.
     *
     * @param theta {@code Theta(X)}, symmetric
     * @param engine who computes; not closed here
     * @throws IllegalArgumentException if the kernel is not square or not finite
     */
    public static double conditionNumber(Kernel theta, Engine engine) {
        return conditionNumber(engine.linearAlgebra().symmetricEigen(theta.rows(), theta.toArray()));
    }

    private static double conditionNumber(SymmetricEigen eigen) {
        double[] values = eigen.values();
        double smallest = values[0];
        return smallest > 0 ? values[values.length - 1] / smallest : Double.POSITIVE_INFINITY;
    }

    /** The eigenvalues of {@code Theta(X)} plus ridge, ascending, a copy. */
    public double[] eigenvalues() {
        return eigen().values().clone();
    }

    /**
     * The smoother of training for time t, which may be infinite: {@link #converged} or {@link #at}.
     *
     * @throws IllegalArgumentException if t is negative or NaN, or the kernel is not finite
     */
    public Smoother smoother(double time) {
        return time == Double.POSITIVE_INFINITY ? converged() : at(time);
    }

    /**
     * {@code B_inf}, training until convergence.
     *
     * @throws IllegalArgumentException if the kernel is not finite
     */
    public Smoother converged() {
        try {
            Cholesky cholesky = algebra.cholesky(theta.samples(), train);
            if (cholesky.reciprocalCondition() > cutOff()) {
                double[] weights = cholesky.solve(theta.cross().toArray());
                return new Smoother(
                        Kernel.wrap(theta.tests(), theta.samples(), weights),
                        Double.POSITIVE_INFINITY,
                        Smoother.Method.CHOLESKY,
                        0);
            }
        } catch (NotPositiveDefiniteException e) {
            // the spectral decomposition says how far it is from positive definite
        }
        return at(Double.POSITIVE_INFINITY);
    }

    /**
     * {@code B_t} from the spectral decomposition.
     *
     * @param time t, at least 0; infinity is allowed and gives the pseudo-inverse
     * @throws IllegalArgumentException if t is negative or NaN, or the kernel is not finite
     */
    public Smoother at(double time) {
        if (!(time >= 0)) {
            throw new IllegalArgumentException("The training time must be a number >= 0, not " + time + ".");
        }
        int n = theta.samples();
        double[] values = eigen().values();
        double[] vectors = eigen().vectors();
        double floor = cutOff() * values[n - 1];
        double[] weights = new double[theta.tests() * n];
        double[] filter = new double[n];
        int dropped = 0;
        for (int k = 0; k < n; k++) {
            if (values[k] > floor) {
                filter[k] = -StrictMath.expm1(-time * (values[k] / inputs)) / values[k];
            } else {
                dropped++;
            }
        }
        for (int x = 0; x < theta.tests(); x++) {
            double[] cross = theta.cross().row(x);
            for (int k = 0; k < n; k++) {
                double projection = 0;
                for (int s = 0; s < n; s++) {
                    projection += cross[s] * vectors[k * n + s];
                }
                double z = projection * filter[k];
                for (int s = 0; s < n; s++) {
                    weights[x * n + s] += z * vectors[k * n + s];
                }
            }
        }
        return new Smoother(Kernel.wrap(theta.tests(), n, weights), time, Smoother.Method.SPECTRAL, dropped);
    }

    /**
     * The share of {@code |y|^2} that lies in directions the spectral solution drops: what no prediction can contain.
     *
     * @param y S targets, or targets less initial outputs; not modified
     */
    public double droppedShare(double[] y) {
        requireLength(y, theta.samples(), "targets");
        double[] values = eigen().values();
        double[] z = eigen().coordinates(y);
        double floor = cutOff() * values[values.length - 1];
        double lost = 0;
        double all = 0;
        for (int k = 0; k < z.length; k++) {
            all += z[k] * z[k];
            lost += values[k] > floor ? 0 : z[k] * z[k];
        }
        return all == 0 ? 0 : lost / all;
    }

    /**
     * The same of K outputs, learnt together or each by itself.
     *
     * @param y {@code S x K}
     */
    public double droppedShare(Targets y) {
        if (y.outputs() == 1 || theta.samples() != y.count()) {
            return droppedShare(y.toArray());
        }
        double lost = 0;
        double all = 0;
        for (int k = 0; k < y.outputs(); k++) {
            double[] column = y.column(k);
            double norm2 = Arrays.stream(column).map(value -> value * value).sum();
            lost += norm2 * droppedShare(column);
            all += norm2;
        }
        return all == 0 ? 0 : lost / all;
    }

    /**
     * {@code f_t(X) = Y + exp(-t Theta/S) (f_0(X) - Y)}: the outputs on the training inputs.
     *
     * @param initial {@code f_0(X)}, S numbers; not modified
     * @param targets Y, S numbers; not modified
     * @param time t, at least 0, may be infinite
     * @throws IllegalArgumentException if a length does not fit or t is negative or NaN
     */
    public double[] trainingOutputs(double[] initial, double[] targets, double time) {
        if (!(time >= 0)) {
            throw new IllegalArgumentException("The training time must be a number >= 0, not " + time + ".");
        }
        int n = theta.samples();
        requireLength(initial, n, "initial outputs");
        requireLength(targets, n, "targets");
        double[] residual = new double[n];
        for (int s = 0; s < n; s++) {
            residual[s] = initial[s] - targets[s];
        }
        double[] z = eigen().coordinates(residual);
        double[] values = eigen().values();
        double floor = cutOff() * values[n - 1];
        for (int k = 0; k < n; k++) {
            if (values[k] > floor) {
                z[k] *= StrictMath.exp(-time * (values[k] / inputs));
            }
        }
        double[] outputs = eigen().combine(z);
        for (int s = 0; s < n; s++) {
            outputs[s] += targets[s];
        }
        return outputs;
    }

    static void requireLength(double[] values, int length, String what) {
        if (values.length != length) {
            throw new IllegalArgumentException("There must be " + length + " " + what + ", not " + values.length + ".");
        }
    }

    private SymmetricEigen eigen() {
        if (eigen == null) {
            eigen = algebra.symmetricEigen(theta.samples(), train);
        }
        return eigen;
    }
}
