package io.jrunc.cli;

import io.jrunc.spec.json.SeccompWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** Prints what a profile is for a container: {@code linux.seccomp}, for pasting. */
final class SeccompResolveCommand extends Command {
    SeccompResolveCommand() {
        super("seccomp resolve", "Prints a profile as linux.seccomp of a container.");
    }

    @Override
    void describe(CommandSpec spec) {
        ProfileOptions.describeProfileContext(spec);
    }

    @Override
    Arity arity() {
        return new Arity(1, 1);
    }

    @Override
    String argumentLabel() {
        return "default|strict|audit|FILE";
    }

    @Override
    int run(Context context, ParseResult arguments) {
        String name = positionals(arguments).get(0);
        context.print(
                SeccompWriter.text(
                        ProfileOptions.named(context, name)
                                .resolve(ProfileOptions.profileContext(arguments))
                                .filter()));
        return 0;
    }
}
