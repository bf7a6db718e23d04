package io.github.finitentk.training;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.DescentRule;
import io.github.finitentk.internal.compute.Engine;
import io.github.finitentk.internal.compute.GradientDescent;

/** Room for one network at three places, where it stands, where it may go, and where it may go corrected; and to descend. */
final class FlowWorkspace implements AutoCloseable {

    private static final int PLACES = 3;

    private final FlowPlace[] places = new FlowPlace[PLACES];
    private final GradientDescent descent;
    private int current;

    /** @throws io.github.finitentk.compute.InsufficientMemoryException if it does not fit */
    FlowWorkspace(BatchShape shape, DescentRule rule, double[] inputs, double[] targets, Engine engine) {
        descent = engine.single().gradientDescent(shape, rule);
        try {
            descent.setData(inputs, targets);
            for (int i = 0; i < PLACES; i++) {
                places[i] = new FlowPlace(shape, inputs, engine);
            }
        } catch (RuntimeException | OutOfMemoryError e) {
            close();
            throw e;
        }
    }

    /** The kernel of a network with these parameters, which then stands here. */
    double[] initialTheta(double[] parameters) {
        here().setParameters(parameters);
        here().propagate();
        return here().theta();
    }

    /** The network where it stands. */
    FlowPlace here() {
        return places[current];
    }

    /** For single steps; it keeps nothing from one use to the next. */
    GradientDescent descent() {
        return descent;
    }

    /** One of the two other places. */
    FlowPlace other(int which) {
        return places[(current + 1 + which) % PLACES];
    }

    /** The place that is neither the given one nor where the network stands. */
    FlowPlace otherThan(FlowPlace place) {
        return other(0) == place ? other(1) : other(0);
    }

    /** Makes the given place the one where the network stands. */
    void moveTo(FlowPlace place) {
        for (int i = 0; i < PLACES; i++) {
            if (places[i] == place) {
                current = i;
            }
        }
    }

    @Override
    public void close() {
        descent.close();
        for (FlowPlace place : places) {
            if (place != null) {
                place.close();
            }
        }
    }
}
