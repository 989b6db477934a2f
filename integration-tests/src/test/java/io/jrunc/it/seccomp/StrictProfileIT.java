// SPDX-License-Identifier: Apache-2.0
package io.jrunc.it.seccomp;

import static io.jrunc.it.harness.Feature.NGINX;
import static io.jrunc.it.harness.Feature.ROOT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.jrunc.it.harness.Bundle;
import io.jrunc.it.harness.Requires;
import io.jrunc.it.harness.Result;
import io.jrunc.seccomp.profile.BundledProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What runs under the profile {@code strict}, and what does not. */
@Requires(ROOT)
class StrictProfileIT {
    /** Threads, timers, files, a child process, and connections that one thread waits for. */
    private static final String JAVA =
            """
            import java.net.*;
            import java.net.http.*;
            import java.nio.file.*;
            import java.util.*;
            import java.util.concurrent.*;
            import java.util.stream.*;
            import com.sun.net.httpserver.HttpServer;

            public class Many {
                public static void main(String[] arguments) throws Exception {
                    ExecutorService threads = Executors.newFixedThreadPool(8);
                    List<Future<Long>> sums = new ArrayList<>();
                    for (int i = 0; i < 32; i++) {
                        sums.add(threads.submit(() -> LongStream.range(0, 100_000).sum()));
                    }
                    long sum = 0;
                    for (Future<Long> each : sums) {
                        sum += each.get();
                    }
                    HttpServer server =
                            HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
                    server.setExecutor(threads);
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, 5);
                        exchange.getResponseBody().write("hello".getBytes());
                        exchange.close();
                    });
                    server.start();
                    URI uri = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
                    String answer = HttpClient.newHttpClient()
                            .send(HttpRequest.newBuilder(uri).build(),
                                    HttpResponse.BodyHandlers.ofString())
                            .body();
                    server.stop(0);
                    threads.shutdown();
                    Path file = Files.createTempFile("many", ".txt");
                    Files.writeString(file, answer);
                    Process child = new ProcessBuilder("/bin/cat", file.toString()).start();
                    String read = new String(child.getInputStream().readAllBytes());
                    System.gc();
                    int interfaces = Collections.list(NetworkInterface.getNetworkInterfaces()).size();
                    System.out.println(sum + " " + read + " " + child.waitFor() + " " + interfaces);
                }
            }
            """;

    private static final String NGINX_CONFIGURATION =
            """
            user nobody nogroup;
            daemon off;
            worker_processes 2;
            pid /tmp/nginx.pid;
            error_log /dev/stderr;
            events {}
            http {
              access_log off;
              sendfile on;
              aio threads;
              client_body_temp_path /tmp/body;
              proxy_temp_path /tmp/proxy;
              fastcgi_temp_path /tmp/fastcgi;
              uwsgi_temp_path /tmp/uwsgi;
              scgi_temp_path /tmp/scgi;
              server { listen 127.0.0.1:80; listen [::1]:80; root /srv; }
            }
            """;

    private static Bundle strict() {
        return Bundle.busybox()
                .seccomp(BundledProfile.STRICT)
                .mount("/tmp", "tmpfs", "tmpfs", "mode=1777");
    }

    /** With the programs and libraries of this machine, which may not be changed. */
    private static Bundle withHostsPrograms() {
        Bundle bundle = strict().bind(Path.of("/usr"), "/usr", "ro", "rbind");
        for (String name : new String[] {"lib", "lib64"}) {
            if (Files.isSymbolicLink(Path.of("/" + name))) {
                bundle.link("/" + name, "usr/" + name);
            } else if (Files.exists(Path.of("/" + name))) {
                bundle.bind(Path.of("/" + name), "/" + name, "ro", "rbind");
            }
        }
        return bundle;
    }

    /** The JDK of the tests, wherever it is, with what a distribution keeps in /etc. */
    private static Bundle withJava() {
        Path home = Path.of(System.getProperty("java.home"));
        Bundle bundle = withHostsPrograms();
        for (Path path : new Path[] {home, Path.of("/etc/java-17-openjdk")}) {
            if (Files.exists(path) && !path.startsWith("/usr")) {
                bundle.bind(path, path.toString(), "ro", "rbind");
            }
        }
        return bundle.set("/process/env", new String[] {"PATH=" + home + "/bin:/bin"});
    }

    @Test
    void appletsOfBusyboxRun() {
        String script =
                """
                set -e
                cd /tmp
                mkfifo p && (echo through > p &) && cat p
                mkdir -p a/b && touch a/b/c && ln -s c a/b/d && ln a/b/c a/b/e && mv a/b/e a/f
                echo one two > g && cat g | tr o 0 | sed s/two/2/ | awk '{print $1}' > h
                dd if=/dev/zero of=i bs=1k count=4 2>/dev/null && sync i && stat -c %s i
                find a -type l && chmod 600 g && chown 0:0 g && readlink a/b/d && realpath a/b/d
                seq 3 | sort -r | head -1 && ps | grep -q sh && id -u && uname -s && free >/dev/null
                date +%Y >/dev/null && df / >/dev/null && nproc >/dev/null && hostname && env >/dev/null
                timeout 5 sleep 0.01 && echo x | xargs echo && ip addr show lo | grep -c 127.0.0.1
                busybox tar cf t.tar a && busybox gzip t.tar && busybox gunzip t.tar.gz
                cat h; rm -r a g h i p
                """;

        Result run = strict().sh(script);

        assertEquals(0, run.status(), run::describe);
        assertEquals("", run.stderr(), run::describe);
        assertTrue(run.stdout().startsWith("through\n4096\na/b/d\nc\n"), run::describe);
        assertTrue(run.stdout().endsWith("\nx\n1\n0ne\n"), run::describe);
    }

    @Test
    void fifosAreMadeButNoDevices() {
        Bundle bundle = strict().capabilities("CAP_MKNOD");

        assertEquals("p", bundle.sh("mkfifo /tmp/p && ls /tmp").output());
        bundle.sh("mknod /tmp/null c 1 3").failsWith("Operation not permitted");
    }

    @Test
    void javaPrintsItsVersion() {
        Result version = withJava().run("java", "-version");

        assertEquals(0, version.status(), version::describe);
        assertTrue(version.stderr().contains("Runtime Environment"), version::describe);
    }

    @Test
    void javaCompilesAndRunsThreadsServersAndChildren() {
        Bundle bundle = withJava().file("/srv/Many.java", JAVA);

        Result run = bundle.run("java", "-XX:+UseParallelGC", "/srv/Many.java");

        assertEquals("159998400000 hello 0 1\n", run.stdout(), run::describe);
        assertEquals("", run.stderr(), run::describe);
        assertEquals(0, run.status(), run::describe);
    }

    @Test
    @Requires(NGINX)
    void nginxServesFilesByUnprivilegedWorkers() {
        Bundle bundle =
                withHostsPrograms()
                        .file("/etc/nginx.conf", NGINX_CONFIGURATION)
                        .file("/etc/passwd", "root:x:0:0::/:\nnobody:x:65534:65534::/:\n")
                        .file("/etc/group", "root:x:0:\nnogroup:x:65534:\n")
                        .file("/srv/index.html", "served")
                        .directory("/var/log/nginx")
                        .capabilities(
                                "CAP_NET_BIND_SERVICE", "CAP_SETUID", "CAP_SETGID", "CAP_CHOWN");

        Result run =
                bundle.sh(
                        """
                        nginx -c /etc/nginx.conf &
                        until busybox wget -q -O - http://127.0.0.1/; do sleep 0.05; done 2>/dev/null
                        until [ $(busybox ps | grep -c '^ *[0-9]* nobody ') = 2 ]; do sleep 0.05; done
                        kill -QUIT $!
                        wait $!
                        echo "status $?"
                        """);

        assertEquals("servedstatus 0\n", run.stdout(), run::describe);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox unshare -U true",
                "busybox unshare -m true",
                "umount /tmp",
                "busybox chroot / true"
            })
    void whatOrdinaryProgramsDoNotDoIsRefused(String command) {
        strict().capabilities("CAP_SYS_ADMIN", "CAP_SYS_CHROOT")
                .sh(command)
                .failsWith("Operation not permitted");
    }

    @Test
    void auditLetsPassWhatStrictRefuses() {
        Bundle bundle = Bundle.busybox().seccomp(BundledProfile.AUDIT);
        bundle.capabilities("CAP_SYS_CHROOT");

        assertEquals(0, bundle.run("busybox", "chroot", "/", "true").status());
    }
}
