// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.command;

import io.jrunc.container.Container;
import io.jrunc.container.ContainerMounts;
import io.jrunc.json.JsonText;
import io.jrunc.linux.Failure;
import io.jrunc.spec.Mount;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import java.util.List;
import java.util.Optional;

/** Changes the mounts of a container that runs. */
public final class MountsCommand extends CommandGroup {
    public MountsCommand() {
        super("mounts", "Adds mounts to a container that runs, removes and lists them.");
    }

    @Override
    public List<String> members() {
        return List.of("add", "list", "remove");
    }

    @Override
    public Optional<Command> member(String word) {
        return switch (word) {
            case "add" -> Optional.of(new Add());
            case "list" -> Optional.of(new ListAdded());
            case "remove" -> Optional.of(new Remove());
            default -> Optional.empty();
        };
    }

    /** Does something with the mounts that a file names. */
    private abstract static class OfFile extends Command {
        OfFile(String name, String summary) {
            super(name, summary);
        }

        abstract void change(ContainerMounts container, List<Mount> mounts, Context context);

        @Override
        public void describe(Syntax syntax) {
            syntax.operand(CONTAINER);
            syntax.operand("FILE|-");
        }

        @Override
        public int run(Context context, Arguments arguments) {
            String id = arguments.operands().get(0);
            try (Container container = context.containers().load(id)) {
                change(container.mounts(), read(context, arguments.operands().get(1)), context);
            } catch (Failure f) {
                throw f.during(name() + " " + id);
            }
            return 0;
        }

        private static List<Mount> read(Context context, String file) {
            boolean input = file.equals("-");
            byte[] json =
                    input
                            ? context.kernel().files().readAll(context.request().in())
                            : context.read(file);
            return SpecReader.readMounts(json, input ? "stdin" : file, context.log()::warn);
        }
    }

    /** Adds all mounts of a file, or none. */
    private static final class Add extends OfFile {
        Add() {
            super("mounts add", "Adds mounts as in config.json to a container that runs.");
        }

        @Override
        void change(ContainerMounts container, List<Mount> mounts, Context context) {
            container.add(mounts, context.host(), context.watcher());
        }
    }

    /** Prints what was added. */
    private static final class ListAdded extends Command {
        ListAdded() {
            super("mounts list", "Prints the mounts that were added, as in config.json.");
        }

        @Override
        public void describe(Syntax syntax) {
            syntax.operand(CONTAINER);
        }

        @Override
        public int run(Context context, Arguments arguments) {
            try (Container container = context.containers().load(arguments.operands().get(0))) {
                List<Mount> mounts = container.mounts().added();
                JsonText json = JsonText.indented("  ");
                json.beginObject();
                if (mounts.isEmpty()) {
                    json.strings("mounts", List.of());
                }
                SpecWriter.mounts(json, mounts);
                json.endObject();
                context.print(json + "\n");
            }
            return 0;
        }
    }

    /** Removes what is mounted at the destinations in a file. */
    private static final class Remove extends OfFile {
        Remove() {
            super(
                    "mounts remove",
                    "Removes what is mounted at the destinations that a file names.");
        }

        @Override
        void change(ContainerMounts container, List<Mount> mounts, Context context) {
            container.remove(mounts, context.watcher());
        }
    }
}
