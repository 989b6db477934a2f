// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.embedding;

import static io.jrunc.it.harness.Feature.JRUNC;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.container.Container;
import io.jrunc.container.ContainerMounts;
import io.jrunc.container.Containers;
import io.jrunc.container.model.Bundle;
import io.jrunc.container.model.CheckpointOptions;
import io.jrunc.container.model.CreateOptions;
import io.jrunc.container.model.ExecOptions;
import io.jrunc.container.model.RestoreOptions;
import io.jrunc.container.model.Streams;
import io.jrunc.it.harness.Busybox;
import io.jrunc.it.harness.Requires;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.sandbox.Input;
import io.jrunc.sandbox.Output;
import io.jrunc.sandbox.Running;
import io.jrunc.sandbox.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import io.jrunc.spec.IntelRdt;
import io.jrunc.spec.ProcessSpec;
import io.jrunc.spec.Resources;
import io.jrunc.spec.Spec;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Each argument of the API that is null has a sentence, and so has each use after the end. */
@Requires({ROOT, JRUNC})
class ApiArgumentsIT {
    /** Types that the command line's own methods take: no module of a program sees them. */
    private static final Set<String> OURS =
            Set.of(
                    "io.jrunc.host",
                    "io.jrunc.cgroup",
                    "io.jrunc.setup",
                    "io.jrunc.validate",
                    "io.jrunc.state",
                    "io.jrunc.json");

    private final List<AutoCloseable> open = new ArrayList<>();

    /** An argument of each type that is not null. */
    private final Map<Class<?>, Object> samples = new HashMap<>();

    private Sandboxes boxes;
    private Container container;
    private Containers containers;
    private List<Object> objects;

    @BeforeEach
    void make() throws Exception {
        var sandbox = io.jrunc.it.harness.Sandbox.current();
        Path rootfs = sandbox.freshDirectory("rootfs");
        Busybox.install(rootfs);
        boxes = added(Sandboxes.open(sandbox.freshDirectory("boxes")));
        Sandbox box = boxes.sandbox().rootfs(rootfs);
        Running running = added(box.start("sleep", "60"));
        var written = io.jrunc.it.harness.Bundle.busybox().args("sleep", "60");
        written.set("/linux/cgroupsPath", "/" + sandbox.freshId());
        Bundle bundle = Bundle.at(written.write().directory());
        containers = Containers.at(sandbox.root());
        container = added(containers.create(sandbox.freshId(), bundle));
        Streams pipes = added(Streams.pipes());
        objects =
                List.of(
                        boxes,
                        box,
                        running,
                        bundle,
                        containers,
                        container,
                        container.mounts(),
                        added(container.events()),
                        pipes,
                        Input.nothing(),
                        Output.captured(),
                        CreateOptions.plain(),
                        ExecOptions.plain(),
                        CheckpointOptions.plain("/x"),
                        RestoreOptions.plain("/x"));
        objects.forEach(one -> samples.put(one.getClass(), one));
        samples.putAll(
                Map.of(
                        String.class, "/usr",
                        String[].class, new String[] {"true"},
                        Path.class, rootfs,
                        List.class, List.of(),
                        Optional.class, Optional.empty(),
                        Duration.class, Duration.ofSeconds(1),
                        byte[].class, new byte[0],
                        Spec.class, bundle.spec(),
                        ProcessSpec.class, bundle.spec().process().orElseThrow(),
                        Fd.class, pipes.input()));
        samples.put(Set.class, Set.of());
        samples.put(Resources.class, Resources.NONE);
        samples.put(
                IntelRdt.class,
                new IntelRdt(
                        Optional.empty(), List.of(), Optional.empty(), Optional.empty(), false));
        samples.put(CreateOptions.Watcher.class, CreateOptions.UNWATCHED);
        samples.put(Consumer.class, (Consumer<Object>) ignored -> {});
        samples.put(Function.class, Function.identity());
        samples.put(BiConsumer.class, (BiConsumer<Object, Object>) (a, b) -> {});
    }

    private <T extends AutoCloseable> T added(T one) {
        open.add(0, one);
        return one;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : open) {
            one.close();
        }
    }

    /** Returns what programs can call of a type. */
    private static List<Method> methods(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> Modifier.isPublic(method.getModifiers()) && !method.isSynthetic())
                .filter(method -> !method.getName().equals("equals"))
                .filter(method -> method.getReturnType() != Failure.class)
                .filter(
                        method ->
                                Arrays.stream(method.getParameterTypes())
                                        .noneMatch(ApiArgumentsIT::isOurs))
                .toList();
    }

    private static boolean isOurs(Class<?> type) {
        return OURS.contains(type.getPackageName())
                || type.getSimpleName().equals("Kernel")
                || type.getSimpleName().equals("ProcessSpawner");
    }

    private Object sample(Class<?> type) {
        if (type == boolean.class) {
            return false;
        }
        if (type == int.class) {
            return 1;
        }
        if (type.isEnum()) {
            return type.getEnumConstants()[0];
        }
        return samples.get(type);
    }

    @Test
    void nullIsRefusedWithTheNameOfTheArgument() throws Exception {
        Map<String, String> wrong = new TreeMap<>();
        int tried = 0;
        for (Object object : objects) {
            for (Method method : methods(object.getClass())) {
                Class<?>[] types = method.getParameterTypes();
                for (int i = 0; i < types.length; i++) {
                    if (!types[i].isPrimitive()) {
                        tried++;
                        String said = said(object, method, i);
                        String form = object.getClass().getSimpleName() + "." + method.getName();
                        if (!said.matches("NullPointerException: " + form + ": [\\w' ]+ is null")) {
                            wrong.put(method.toGenericString() + " " + i, said);
                        }
                    }
                }
            }
        }

        assertEquals(Map.of(), wrong);
        assertTrue(tried > 50, "arguments: " + tried);
    }

    private String said(Object object, Method method, int absent) throws Exception {
        Class<?>[] types = method.getParameterTypes();
        Object[] arguments = new Object[types.length];
        for (int i = 0; i < types.length; i++) {
            if (i != absent) {
                arguments[i] = sample(types[i]);
            }
        }
        return said(object, method, arguments);
    }

    private static String said(Object object, Method method, Object... arguments) throws Exception {
        try {
            return "returns " + method.invoke(object, arguments);
        } catch (InvocationTargetException e) {
            Throwable thrown = e.getCause();
            return thrown.getClass().getSimpleName() + ": " + thrown.getMessage();
        }
    }

    /** What needs nothing of it still answers; all else says that it is closed. */
    @Test
    void useAfterTheEndHasASentence() throws Exception {
        ContainerMounts mounts = container.mounts();
        container.close();
        Set<String> wrong = new TreeSet<>();
        Set<String> refused = new TreeSet<>();
        for (Object object : List.of(container, mounts)) {
            for (Method method : methods(object.getClass())) {
                Class<?>[] types = method.getParameterTypes();
                Object[] arguments = new Object[types.length];
                for (int i = 0; i < types.length; i++) {
                    arguments[i] = sample(types[i]);
                }
                String said = said(object, method, arguments);
                if (said.startsWith("IllegalStateException: ") && said.contains("is closed")) {
                    refused.add(method.getName());
                } else if (!said.startsWith("returns ")) {
                    wrong.add(method.getName() + " " + said);
                }
            }
        }

        assertEquals(Set.of(), wrong);
        assertTrue(
                refused.containsAll(
                        Set.of("start", "exec", "kill", "update", "pause", "resume", "add")),
                refused::toString);
    }

    @Test
    void closedSandboxesRefuse() throws Exception {
        Sandbox box = boxes.sandbox();
        boxes.close();

        for (String name : List.of("run", "start")) {
            String said = said(box, Sandbox.class.getMethod(name, List.class), List.of("true"));
            assertEquals("IllegalStateException: these sandboxes are closed", said);
        }
        assertEquals(
                "IllegalStateException: these sandboxes are closed",
                said(boxes, Sandboxes.class.getMethod("sandbox")));
    }
}
