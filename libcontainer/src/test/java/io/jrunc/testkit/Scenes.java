package io.jrunc.testkit;

import io.jrunc.linux.Kernel;
import io.jrunc.plan.Scene;
import java.lang.reflect.Proxy;
import java.util.List;

/** Scenes whose processes are one fake. */
public final class Scenes {
    private Scenes() {}

    /** A scene in which {@code kernel} is the runtime, the stage with pid 1 and init with pid 1. */
    public static Scene of(Kernel kernel) {
        Scene scene = new Scene(kernel, spawner(kernel));
        scene.startStage();
        scene.initIs(kernel, 1);
        return scene;
    }

    private static Scene.Spawner spawner(Kernel kernel) {
        return (Scene.Spawner)
                Proxy.newProxyInstance(
                        Scenes.class.getClassLoader(),
                        new Class<?>[] {Scene.Spawner.class},
                        (proxy, method, args) ->
                                switch (method.getName()) {
                                    case "spawn" -> new Scene.Spawned(kernel, 1);
                                    case "hookParent" -> kernel;
                                    case "environment" -> List.of();
                                    default -> null; // takes note of something
                                });
    }
}
