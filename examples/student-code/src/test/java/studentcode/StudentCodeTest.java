// SPDX-License-Identifier: Apache-2.0
package studentcode;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StudentCodeTest {
    private static StudentCode served;

    @BeforeAll
    static void serve() throws Exception {
        served = new StudentCode(Path.of("/run/student-code-test"), 0);
    }

    @AfterAll
    static void close() {
        served.close();
    }

    private static String address() {
        return "http://127.0.0.1:" + served.port() + "/";
    }

    private static String posted(String code) throws Exception {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create(address() + "run"))
                        .POST(HttpRequest.BodyPublishers.ofString(code))
                        .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofString())
                .body();
    }

    @Test
    void outputAndExitCodeAreShown() throws Exception {
        String shown = posted("echo hello; exit 3");

        assertTrue(shown.startsWith("hello\n"), shown);
        assertTrue(shown.contains("[exit code 3"), shown);
    }

    @Test
    void endlessLoopIsKilled() throws Exception {
        String shown = posted("while :; do :; done");

        assertTrue(shown.contains("longer than two seconds"), shown);
    }

    @Test
    void endlessOutputIsKilled() throws Exception {
        String shown = posted("yes");

        assertTrue(shown.contains("more than 64,000 bytes"), shown.substring(64_000));
    }

    @Test
    void hostIsOutOfReach() throws Exception {
        String shown = posted("cat /etc/shadow; echo x > /usr/x; ls /root");

        assertTrue(shown.contains("[exit code 2"), shown);
        assertTrue(shown.contains("/etc/shadow: No such file"), shown);
        assertTrue(shown.contains("Read-only file system"), shown);
        assertTrue(shown.contains("/root': No such file"), shown);
    }

    /** A browser loads the page, runs its script and shows the output. */
    @Test
    void pageRunsCodeInABrowser() throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        assumeTrue(Files.isExecutable(chromium), "chromium is not installed");
        Path profile = Files.createTempDirectory("chromium");
        Process browser =
                new ProcessBuilder(
                                List.of(
                                        chromium.toString(),
                                        "--headless",
                                        "--no-sandbox",
                                        "--disable-gpu",
                                        "--user-data-dir=" + profile,
                                        "--virtual-time-budget=20000",
                                        "--dump-dom",
                                        address() + "#echo%20%24((6*7))"))
                        .redirectError(ProcessBuilder.Redirect.DISCARD)
                        .start();

        String shown =
                new String(browser.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertTrue(browser.waitFor(60, TimeUnit.SECONDS));
        assertTrue(shown.contains("42\n\n[exit code 0"), shown);
    }
}
