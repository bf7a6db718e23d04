/** An application as a module: the library is all that it asks for. */
module io.github.finitentk.examples.module {
    requires io.github.finitentk;
}
