package io.jrunc.lsm;

import io.jrunc.linux.Errno;
import io.jrunc.linux.Failure;
import io.jrunc.linux.Fd;
import io.jrunc.linux.Files;
import io.jrunc.linux.Kernel;
import io.jrunc.linux.OpenFlag;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The AppArmor profile that a created container's init has asked for and gets with execve(2). The
 * kernel replaces it by "unconfined" if the profile is removed meanwhile: the program would run
 * without any confinement. Source: proc_pid_attr(5), apparmor_parser(8), {@code --remove}.
 */
public final class PendingProfile {
    private static final String UNCONFINED = "unconfined";
    private static final int MAX_BYTES = 4096;

    private PendingProfile() {}

    /**
     * Throws a {@link Failure} if init was to be confined and would not be.
     *
     * @param init its pid
     * @param wanted {@code process.apparmorProfile}, read only if init would not be confined
     */
    public static void requireLoaded(Kernel runtime, int init, Supplier<Optional<String>> wanted) {
        if (!pending(runtime.files(), init).equals(UNCONFINED)) {
            return;
        }
        Optional<String> profile = wanted.get();
        if (profile.isPresent() && !profile.get().equals(UNCONFINED)) {
            throw Failure.invalid(
                    LabelKind.APPARMOR_PROFILE.field(),
                    "\"" + profile.get() + "\" was removed after the container was created",
                    "load it with apparmor_parser -r FILE, and create the container anew");
        }
    }

    /** Empty: there is no AppArmor, or init has asked for nothing, which the kernel says so. */
    private static String pending(Files files, int init) {
        String path = "/proc/" + init + "/" + LabelKind.APPARMOR_PROFILE.file();
        try (Fd file = files.openIfExists(files.here(), path, OpenFlag.RDONLY)) {
            if (!file.isOpen()) {
                return "";
            }
            String text = new String(files.read(file, MAX_BYTES), StandardCharsets.UTF_8);
            return text.replace("\0", "").strip();
        } catch (Failure f) {
            if (f.is(Errno.EINVAL)) {
                return "";
            }
            throw f;
        }
    }
}
