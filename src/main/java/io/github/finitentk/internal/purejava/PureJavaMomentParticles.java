package io.github.finitentk.internal.purejava;

import io.github.finitentk.internal.compute.Memory;
import io.github.finitentk.internal.compute.MomentParticles;
import io.github.finitentk.internal.compute.NetworkAtInput;

/** Particles on the Java heap; twin of {@code moments.cpp}. */
final class PureJavaMomentParticles extends MomentParticles {

    private static final int NORM2 = 0;
    private static final int NORM2_EXPONENT = 1;
    private static final int TA = 2;
    private static final int TB = 3;
    private static final int FIRST_EXPONENT = 4;
    private static final int PA = 5;
    private static final int PB = 6;
    private static final int PC = 7;
    private static final int SECOND_EXPONENT = 8;

    private final OneInputLaw law;
    private final double[] state;
    private final double[] moments;
    private final double[] normals;
    private final double[] values;
    private final double[] slopes;

    PureJavaMomentParticles(NetworkAtInput ensemble, int capacity) {
        super(capacity, ensemble.architecture().depth() - 1, Memory::availableHeap);
        law = new OneInputLaw(ensemble);
        state = new double[FIELDS * capacity];
        moments = new double[MOMENTS * capacity];
        int widest = ensemble.architecture().maxHiddenWidth();
        normals = new double[widest];
        values = new double[widest];
        slopes = new double[widest];
    }

    @Override
    protected void begin(int particles) {
        Scaled norm2 = law.inputNorm2();
        for (int i = 0; i < particles; i++) {
            store(i, norm2, MomentForms.bottom(OneInputLaw.gradientFactor(norm2)));
        }
    }

    @Override
    protected void move(long key, long firstStream, int particles, int firstLayer, int lastLayer) {
        for (int i = 0; i < particles; i++) {
            Scaled norm2 = new Scaled(at(NORM2, i), (long) at(NORM2_EXPONENT, i));
            MomentForms forms = load(i);
            long position = law.position(firstLayer);
            for (int l = firstLayer; l <= lastLayer; l++) {
                int n = law.width(l);
                OneInputLaw.normals(key, firstStream + i, OneInputLaw.FORWARD_NORMALS, position, n, normals, 0);
                Scaled v = law.variance(l, norm2);
                law.activate(v, n, normals, 0, values, slopes, 0);
                LayerSums sums = Sums.moments(normals, 0, values, slopes, n);
                norm2 = law.norm2(v, sums.x2());
                Scaled above = law.variance(l + 1, norm2);
                forms.lift(
                        sums,
                        law.weightShare(l + 1, norm2, above),
                        law.biasShare(above),
                        law.weightVariance(l + 1),
                        OneInputLaw.gradientFactor(norm2));
                position += n;
            }
            store(i, norm2, forms);
        }
    }

    private double at(int field, int i) {
        return state[field * capacity() + i];
    }

    private MomentForms load(int i) {
        MomentForms forms = new MomentForms();
        forms.ta = at(TA, i);
        forms.tb = at(TB, i);
        forms.firstExponent = (long) at(FIRST_EXPONENT, i);
        forms.pa = at(PA, i);
        forms.pb = at(PB, i);
        forms.pc = at(PC, i);
        forms.secondExponent = (long) at(SECOND_EXPONENT, i);
        return forms;
    }

    private void store(int i, Scaled norm2, MomentForms forms) {
        int stride = capacity();
        state[NORM2 * stride + i] = norm2.mantissa;
        state[NORM2_EXPONENT * stride + i] = norm2.exponent;
        state[TA * stride + i] = forms.ta;
        state[TB * stride + i] = forms.tb;
        state[FIRST_EXPONENT * stride + i] = forms.firstExponent;
        state[PA * stride + i] = forms.pa;
        state[PB * stride + i] = forms.pb;
        state[PC * stride + i] = forms.pc;
        state[SECOND_EXPONENT * stride + i] = forms.secondExponent;
        moments[i] = forms.firstMoment();
        moments[stride + i] = forms.firstExponent;
        moments[2 * stride + i] = forms.secondMoment();
        moments[3 * stride + i] = forms.secondExponent;
    }

    @Override
    protected void readState(double[] target) {
        System.arraycopy(state, 0, target, 0, state.length);
    }

    @Override
    protected void writeState(double[] source) {
        System.arraycopy(source, 0, state, 0, state.length);
    }

    @Override
    protected void readMoments(double[] target) {
        System.arraycopy(moments, 0, target, 0, moments.length);
    }

    @Override
    protected void release() {
        // nothing but heap
    }
}
