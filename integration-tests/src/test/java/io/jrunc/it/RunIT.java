package io.jrunc.it;

import static io.jrunc.it.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Source: runc run(8). */
@Requires(ROOT)
class RunIT {
    @Test
    void printsWhatTheProgramPrints() {
        Result echo = Bundle.busybox().run("echo", "hello");

        assertEquals("hello", echo.output());
        assertEquals("", echo.stderr());
    }

    @Test
    void createdContainerRunsWhenStarted() {
        Container container = Bundle.busybox().create("echo", "hello");
        assertEquals("created", container.status());

        container.start();

        assertEquals("stopped", container.awaitEnd().status());
        assertEquals("hello\n", container.output());
    }
}
