/** An application as a module of its own. The library's module is an automatic one, which cannot ask for JavaCPP itself. */
module io.github.finitentk.examples.embedding {
    requires io.github.finitentk;
    requires org.bytedeco.javacpp;
}
