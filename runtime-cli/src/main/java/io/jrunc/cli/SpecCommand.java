package io.jrunc.cli;

import io.jrunc.container.Host;
import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.OpenFlag;
import io.jrunc.spec.DefaultSpec;
import io.jrunc.spec.Spec;
import io.jrunc.spec.SpecWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Writes a specification to begin with. */
final class SpecCommand extends Command {
    private static final int MODE = 0666;

    SpecCommand() {
        super("spec", "Writes a config.json to begin with.");
    }

    @Override
    void describe(CommandSpec spec) {
        spec.addOption(option("DIR", "the bundle to write it to", "-b", "--bundle"));
        spec.addOption(option("FILE", "the file to write, below the bundle", "-f", "--file"));
        spec.addOption(flag("for a user who is not root", "--rootless"));
    }

    @Override
    Arity arity() {
        return new Arity(0, 0);
    }

    @Override
    int run(Context context, ParseResult arguments) {
        Host host = context.host();
        Spec spec =
                DefaultSpec.create(
                        has(arguments, "--rootless"),
                        Host.effectiveUid(),
                        Host.effectiveGid(),
                        host.facts().cgroupV2());
        String directory = context.request().absolute(value(arguments, "--bundle", "."));
        String name = value(arguments, "--file", "config.json");
        Files files = context.kernel().files();
        String path = name.startsWith("/") ? name : directory + "/" + name;
        try (Fd file = files.create(files.here(), path, MODE, OpenFlag.WRONLY)) {
            byte[] text = SpecWriter.pretty(spec).getBytes(StandardCharsets.UTF_8);
            files.writeAll(file, text);
        } catch (Failure f) {
            throw f.is(Errno.EEXIST)
                    ? Failure.of("exists", "File " + name + " exists. Remove it first")
                    : f;
        }
        return 0;
    }
}
