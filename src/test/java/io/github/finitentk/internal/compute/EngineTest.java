package io.github.finitentk.internal.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.finitentk.model.Activations;
import io.github.finitentk.model.Architecture;
import io.github.finitentk.model.Precision;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class EngineTest {

    private static final BatchShape SHAPE =
            new BatchShape(Architecture.of(2, 3, 1), Activations.TANH, Precision.F64, 1, 1);

    @Test
    void aClosedEngineSaysSoWhateverItIsAskedFor() {
        Engine engine = Engine.of(Backend.pureJava(), 2);
        engine.close();
        engine.close();
        List<Executable> uses = List.of(
                () -> engine.allocate(SHAPE),
                () -> engine.gradientDescent(SHAPE, new DescentRule(1, 1, 0, 1, 1)),
                engine::samplers,
                engine::linearAlgebra,
                engine::single,
                () -> engine.forEach(2, (index, slot) -> {}));
        for (Executable use : uses) {
            assertThatThrownBy(use::execute)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("This Ntk has been closed; nothing more can be computed with it.");
        }
        assertThat(engine).hasToString("java, 2 threads");
    }

    @Test
    void anEngineOfOneThreadLeavesTheOtherOpen() {
        try (Engine engine = Engine.of(Backend.pureJava(), 2)) {
            engine.single().close();
            assertThat(engine.single().threads()).isEqualTo(1);
            engine.single().forEach(3, (index, slot) -> assertThat(slot).isZero());
            engine.allocate(SHAPE).close();
        }
    }

    @Test
    void pureJavaIsNeverUsedWithoutAReason() {
        assertThat(Engine.single(Backend.pureJava()).whyNotNative()).contains("The pure-Java backend was asked for.");
        Engine fastest = Engine.fastest(WorkerPool.SINGLE);
        assertThat(fastest.whyNotNative().isEmpty()).isEqualTo(fastest.backend().isNative());
        assertThat(fastest.single().whyNotNative()).isEqualTo(fastest.whyNotNative());
    }
}
