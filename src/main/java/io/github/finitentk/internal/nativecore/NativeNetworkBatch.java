package io.github.finitentk.internal.nativecore;

import io.github.finitentk.internal.compute.BatchShape;
import io.github.finitentk.internal.compute.CrossGram;
import io.github.finitentk.internal.compute.NetworkBatch;
import io.github.finitentk.internal.compute.WorkerPool;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Initialization;
import io.github.finitentk.model.LayerRates;
import org.bytedeco.javacpp.DoublePointer;

/** A batch in direct memory, laid out as {@code ntk_core.h} describes. */
final class NativeNetworkBatch extends NetworkBatch {

    private static final long TILE_NUMBERS = 2L * BatchShape.BLOCK * BatchShape.BLOCK;

    private final NtkCore.Network network;
    private final NtkCore.Batch batch;
    private final NativeNumbers parameters;
    private final NativeNumbers x0;
    private final NativeNumbers inputGram;
    private final NativeNumbers activations;
    private final NativeNumbers derivatives; // the deltas themselves, where these take their place
    private final NativeNumbers deltas;
    private final NativeNumbers scratch;
    private final NativeNumbers tileScratch;
    private final NativeNumbers outputs;
    private final DoublePointer theta;
    // Views for reading, moved about: a batch is used by one thread at a time.
    private final DoublePointer thetaReader;
    private final NativeNumbers.Reader outputReader;

    // If memory ends on the way, what was allocated is freed by JavaCPP's collector thread.
    NativeNetworkBatch(BatchShape shape, WorkerPool workers) {
        super(shape, workers);
        Architecture architecture = shape.architecture();
        long networks = shape.networks();
        long inputs = shape.inputs();
        network = NativeNetworks.network(architecture, shape.activation());
        parameters = numbers(networks * architecture.parameterCount()).zeroed();
        x0 = numbers(inputs * architecture.inputDim());
        long entries = (long) shape.rows() * shape.columns();
        inputGram = numbers(entries);
        activations = numbers(networks * shape.statesPerNetwork());
        deltas = numbers(networks * shape.blocks().directions() * shape.statesPerNetwork());
        derivatives = shape.keepsDerivatives() ? numbers(networks * shape.statesPerNetwork()) : deltas;
        scratch = numbers(networks * inputs * architecture.maxHiddenWidth());
        tileScratch = numbers(workers.threads() * TILE_NUMBERS);
        outputs = numbers(networks * inputs * shape.outputs());
        theta = new DoublePointer(networks * shape.blocks().count() * entries);
        thetaReader = new DoublePointer(theta);
        outputReader = outputs.reader();
        batch = new NtkCore.Batch();
        batch.type(NativeNumbers.elementType(shape.precision()));
        batch.inputs(inputs);
        batch.directions(shape.blocks().directions());
        batch.pairs(shape.blocks().pairs());
        batch.columns(shape.blocks().columns());
        batch.x0(x0.memory());
        batch.inputGram(inputGram.memory());
        batch.parameters(parameters.memory());
        batch.activations(activations.memory());
        batch.derivatives(derivatives.memory());
        batch.deltas(deltas.memory());
        batch.scratch(scratch.memory());
        batch.outputs(outputs.memory());
        batch.theta(theta);
    }

    private NativeNumbers numbers(long count) {
        return new NativeNumbers(shape().precision(), count);
    }

    @Override
    protected void writeInputs(double[] x) {
        x0.write(0, x);
        NtkCore.inputGram(network, batch);
    }

    @Override
    protected void drawParameters(Initialization initialization, long key, long firstStream) {
        int networks = shape().networks();
        int group = Math.max(1, networks / (4 * workers().threads()));
        workers().forEach((networks + group - 1) / group, (index, slot) -> {
            int first = index * group;
            NtkCore.initialize(
                    network,
                    batch,
                    initialization.sigmaW2(),
                    initialization.sigmaB2(),
                    key,
                    firstStream + first,
                    first,
                    Math.min(group, networks - first));
        });
    }

    @Override
    protected void writeParameters(int index, double[] source) {
        parameters.write(index * parameterCount(), source);
    }

    @Override
    protected void readParameters(int index, double[] target) {
        parameters.read(index * parameterCount(), target);
    }

    @Override
    protected void copyParameters(NetworkBatch source, int index) {
        parameters.copy(((NativeNetworkBatch) source).parameters, index * parameterCount(), parameterCount());
    }

    @Override
    protected void accumulateGradient(
            NetworkBatch source, int index, int direction, double[] v, double[] coefficients) {
        NtkCore.addGradient(network, ((NativeNetworkBatch) source).batch, index, direction, v, coefficients, batch);
    }

    @Override
    protected double[] derivatives(NetworkBatch along, int index, int direction, double[] v) {
        double[] derivatives = new double[shape().inputs()];
        NtkCore.derivatives(
                network,
                batch,
                index,
                direction,
                v,
                ((NativeNetworkBatch) along).batch,
                0,
                derivatives.length,
                derivatives);
        return derivatives;
    }

    @Override
    protected void forward(int first, int networks, int firstInput, int inputCount, int slot) {
        NtkCore.forward(network, batch, first, networks, firstInput, inputCount);
    }

    @Override
    protected void backward(int first, int networks, int firstInput, int inputCount, double[] directions, int slot) {
        NtkCore.backward(network, batch, directions, first, networks, firstInput, inputCount);
    }

    @Override
    protected void ntkTile(int first, int networks, int tile, LayerRates rates, double[] directions, int slot) {
        NtkCore.ntkGram(
                network,
                batch,
                directions,
                rates.weights(),
                rates.biases(),
                first,
                networks,
                tile,
                1,
                tileScratch.from(slot * TILE_NUMBERS));
    }

    @Override
    protected CrossGram crossGram(
            NetworkBatch others, LayerRates rates, boolean pairs, double[] directions, int numbers) {
        NtkCore.Batch columns = ((NativeNetworkBatch) others).batch;
        int held = directions.length / shape().outputs();
        int entries = numbers / (pairs ? held * held : held);
        long space = (1L + shape().architecture().depth()) * entries;
        int threads = workers().threads();
        NativeNumbers scratch = numbers(threads * space);
        DoublePointer blocks = new DoublePointer((long) threads * numbers);
        return new CrossGram() {
            @Override
            public void tile(BatchShape.Tile tile, double[] target, int slot) {
                DoublePointer mine = new DoublePointer(blocks).position((long) slot * numbers);
                NtkCore.crossGram(
                        network,
                        batch,
                        columns,
                        directions,
                        rates.weights(),
                        rates.biases(),
                        pairs,
                        tile.row(),
                        tile.rowEnd() - tile.row(),
                        tile.column(),
                        tile.columnEnd() - tile.column(),
                        scratch.from(slot * space),
                        mine);
                mine.get(target);
            }

            @Override
            public void close() {
                scratch.close();
                blocks.close();
            }
        };
    }

    @Override
    protected void readOutputs(int index, double[] target) {
        outputReader.read((long) index * target.length, target);
    }

    @Override
    protected void readState(int index, boolean delta, int layer, long offset, double[] target) {
        long stride = shape().statesPerNetwork() * (delta ? shape().blocks().directions() : 1);
        double[] blocks = new double[target.length];
        (delta ? deltas : activations).read(index * stride + offset, blocks);
        int inputs = shape().inputs();
        int units = target.length / Math.max(1, inputs);
        for (int first = 0; first < inputs; first += BatchShape.BLOCK) {
            int rows = Math.min(BatchShape.BLOCK, inputs - first);
            for (int i = 0; i < units; i++) {
                for (int s = 0; s < rows; s++) {
                    target[(first + s) * units + i] = blocks[first * units + i * rows + s];
                }
            }
        }
    }

    @Override
    protected void readNtk(int index, int block, double[] target) {
        thetaReader
                .position(((long) index * shape().blocks().count() + block) * target.length)
                .get(target);
    }

    private long parameterCount() {
        return shape().architecture().parameterCount();
    }

    @Override
    protected void release() {
        for (NativeNumbers buffer :
                new NativeNumbers[] {parameters, x0, inputGram, activations, deltas, scratch, tileScratch, outputs}) {
            buffer.close();
        }
        if (derivatives != deltas) {
            derivatives.close();
        }
        theta.close();
        batch.close();
        network.close();
    }
}
