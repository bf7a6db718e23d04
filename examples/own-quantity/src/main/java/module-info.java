/** Only a modular application needs this; on the class path the quantity is found by its name in META-INF/services. */
module io.github.finitentk.examples.quantity {
    requires io.github.finitentk;

    provides io.github.finitentk.experiment.QuantityType with
            io.github.finitentk.examples.quantity.ConditionNumber.Type;
}
