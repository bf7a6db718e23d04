package io.github.finitentk.cli;

import io.github.finitentk.internal.Version;
import picocli.CommandLine.IVersionProvider;

/** What {@code --version} prints. */
public final class VersionProvider implements IVersionProvider {

    @Override
    public String[] getVersion() {
        return new String[] {"Finite NTK " + Version.text()};
    }
}
