// SPDX-License-Identifier: Apache-2.0
package io.jrunc.checkpoint;

import io.jrunc.checkpoint.option.CgroupsMode;
import io.jrunc.checkpoint.option.CriuFlag;
import io.jrunc.checkpoint.option.NetworkLock;
import java.util.Set;

/** The options of a request to criu: {@code criu_opts} of its rpc.proto, which has the numbers. */
public final class CriuOptions {
    private static final int IMAGES_DIR_FD = 1;
    private static final int PID = 2;
    private static final int EVASIVE_DEVICES = 6;
    private static final int LOG_LEVEL = 9;
    private static final int LOG_FILE = 10;
    private static final int PAGE_SERVER = 11;
    private static final int NOTIFY_SCRIPTS = 12;
    private static final int ROOT = 13;
    private static final int PARENT_IMG = 14;
    private static final int TRACK_MEM = 15;
    private static final int WORK_DIR_FD = 17;
    private static final int EXT_MNT = 23;
    private static final int MANAGE_CGROUPS = 24;
    private static final int CG_ROOT = 25;
    private static final int RST_SIBLING = 26;
    private static final int INHERIT_FD = 27;
    private static final int MANAGE_CGROUPS_MODE = 34;
    private static final int EXTERNAL = 37;
    private static final int EMPTY_NS = 38;
    private static final int JOIN_NS = 39;
    private static final int FREEZE_CGROUP = 44;
    private static final int ORPHAN_PTS_MASTER = 50;
    private static final int CONFIG_FILE = 51;
    private static final int LSM_PROFILE = 53;
    private static final int LSM_MOUNT_CONTEXT = 63;
    private static final int NETWORK_LOCK = 64;

    /** The two fields of a pair: a mount and its source, a key and a descriptor. */
    private static final int FIRST = 1;

    private static final int SECOND = 2;

    /** Also what criu does, not only what goes wrong. */
    private static final int ALL_STEPS = 4;

    private final CriuMessage message = new CriuMessage();

    /** Options that every request has. */
    public CriuOptions(String logFile) {
        message.put(IMAGES_DIR_FD, Criu.IMAGES);
        message.put(WORK_DIR_FD, Criu.WORK);
        message.put(LOG_LEVEL, ALL_STEPS);
        message.put(LOG_FILE, logFile);
        message.put(NOTIFY_SCRIPTS, true);
        message.put(ORPHAN_PTS_MASTER, true);
    }

    /** Sets the process to dump, with its descendants. */
    public void process(int pid) {
        message.put(PID, pid);
    }

    /** Sets what the caller asks for. */
    public void flags(Set<CriuFlag> flags) {
        for (CriuFlag flag : flags) {
            message.put(flag.field(), true);
        }
    }

    /** Restores as children of criu's parent, and devices also where their numbers differ. */
    public void restoreAsSibling() {
        message.put(RST_SIBLING, true);
        message.put(EVASIVE_DEVICES, true);
    }

    /** Sets the root file system. */
    public void root(String path) {
        message.put(ROOT, path);
    }

    /** Sets the image that this one adds to, relative to its directory. */
    public void parentImage(String path) {
        message.put(PARENT_IMG, path);
    }

    /** Has the kernel note which pages change from now on. */
    public void trackMemory() {
        message.put(TRACK_MEM, true);
    }

    /** Sets where pages are sent. */
    public void pageServer(String address, int port) {
        message.put(PAGE_SERVER, pair(address).put(SECOND, port));
    }

    /** Sets how cgroups are treated. */
    public void cgroups(CgroupsMode mode) {
        message.put(MANAGE_CGROUPS, true); // before criu 2.0
        message.put(MANAGE_CGROUPS_MODE, mode.value());
    }

    /** Sets the cgroup that takes the place of the dumped one; "" for v2. */
    public void cgroupRoot(String controller, String path) {
        message.put(CG_ROOT, pair(controller).put(SECOND, path));
    }

    /** Sets the cgroup by which all processes are stopped at once. */
    public void freezer(String directory) {
        message.put(FREEZE_CGROUP, directory);
    }

    /**
     * Names a mount whose file system lies outside.
     *
     * @param key when dumping, where it is; when restoring, its name in the image
     * @param value when dumping, its name in the image; when restoring, its source on the host
     */
    public void externalMount(String key, String value) {
        message.put(EXT_MNT, pair(key).put(SECOND, value));
    }

    /** Names another thing that lies outside: {@code net[4026531840]:key}. */
    public void external(String what) {
        message.put(EXTERNAL, what);
    }

    /** Has the thing called {@code key} in the image be this descriptor of criu's. */
    public void inherit(String key, int descriptor) {
        message.put(INHERIT_FD, pair(key).put(SECOND, descriptor));
    }

    /** Has the processes join the namespace at {@code path}. */
    public void join(String type, String path) {
        message.put(JOIN_NS, pair(type).put(SECOND, path));
    }

    /** Leaves out what is in namespaces of these types: bits as in clone(2). */
    public void emptyNamespaces(long types) {
        message.put(EMPTY_NS, types);
    }

    /** Sets the file whose options have precedence over these; criu ignores one that is absent. */
    public void configFile(String path) {
        message.put(CONFIG_FILE, path);
    }

    /** Sets a profile that takes the place of the dumped ones: {@code apparmor:name}. */
    public void lsmProfile(String profile) {
        message.put(LSM_PROFILE, profile);
    }

    /** Sets the SELinux context of mounts. */
    public void lsmMountContext(String context) {
        message.put(LSM_MOUNT_CONTEXT, context);
    }

    /** Sets how packets are kept away. */
    public void networkLock(NetworkLock lock) {
        message.put(NETWORK_LOCK, lock.value());
    }

    private static CriuMessage pair(String first) {
        return new CriuMessage().put(FIRST, first);
    }

    CriuMessage message() {
        return message;
    }
}
