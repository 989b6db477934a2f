// SPDX-License-Identifier: Apache-2.0
package incontainer;

import io.jrunc.sandbox.Sandbox;
import io.jrunc.sandbox.Sandboxes;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Opens sandboxes before the tests of a class, and closes them afterwards. */
final class SandboxExtension implements BeforeAllCallback, AfterAllCallback, ParameterResolver {
    private static final Namespace OWN = Namespace.create(SandboxExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) {
        Sandboxes boxes = Sandboxes.open(Path.of("/run/in-container"));
        context.getStore(OWN).put(Sandboxes.class, boxes);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        context.getStore(OWN).remove(Sandboxes.class, Sandboxes.class).close();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Sandbox.class;
    }

    @Override
    public Sandbox resolveParameter(ParameterContext parameter, ExtensionContext context) {
        InContainer wanted = context.getRequiredTestClass().getAnnotation(InContainer.class);
        return context.getStore(OWN)
                .get(Sandboxes.class, Sandboxes.class)
                .sandbox()
                .hostUsr()
                .memory(wanted.memory())
                .pids(wanted.pids())
                .timeout(Duration.ofSeconds(wanted.seconds()));
    }
}
