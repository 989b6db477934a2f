package io.jrunc.cli;

import io.jrunc.container.Bundle;
import io.jrunc.container.Container;
import io.jrunc.linux.AbsolutePath;
import io.jrunc.linux.Failure;
import io.jrunc.seccomp.Architecture;
import io.jrunc.seccomp.FilterCompiler;
import io.jrunc.seccomp.Seccomp;
import io.jrunc.spec.Linux;
import io.jrunc.spec.SpecReader;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Prints the filter that a profile is compiled to. */
final class SeccompShowCommand extends Command {
    SeccompShowCommand() {
        super("seccomp show", "Prints the filter that a profile is compiled to.");
    }

    @Override
    void describe(CommandSpec spec) {
        spec.addOption(option("DIR", "the bundle (default: here)", "-b", "--bundle"));
        spec.addOption(option("ID", "the filter of this container instead", "--container"));
    }

    @Override
    Arity arity() {
        return new Arity(0, 0);
    }

    @Override
    int run(Context context, ParseResult arguments) {
        Seccomp profile =
                linux(context, arguments)
                        .seccomp()
                        .orElseThrow(
                                () ->
                                        Failure.invalid(
                                                "linux.seccomp",
                                                "is missing, so there is no filter",
                                                "name a profile"));
        context.print(FilterCompiler.compile(profile, Architecture.ofThisMachine()).listing());
        return 0;
    }

    private static Linux linux(Context context, ParseResult arguments) {
        if (has(arguments, "--container")) {
            try (Container container =
                    context.containers().load(value(arguments, "--container", ""))) {
                return container.spec().linux();
            }
        }
        String directory =
                AbsolutePath.clean(context.request().absolute(value(arguments, "--bundle", ".")));
        return SpecReader.read(Bundle.document(context.kernel(), directory, Bundle.CONFIG)).linux();
    }
}
