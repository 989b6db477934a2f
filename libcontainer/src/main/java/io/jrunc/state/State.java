// SPDX-License-Identifier: Apache-2.0
package io.jrunc.state;

import io.jrunc.cgroup.SystemdUnit;
import io.jrunc.json.JsonText;
import io.jrunc.linux.Failure;
import io.jrunc.resctrl.ResctrlGroup;
import io.jrunc.spec.CrunAnnotations;
import io.jrunc.spec.OciState;
import io.jrunc.spec.Spec;
import io.jrunc.spec.json.Fields;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The stored properties of a container, in {@code state.json}. Its status is not stored, but read
 * from the kernel. Names that runc's file has mean the same here.
 *
 * @param initPid 0 until init exists
 * @param initStart when init started, in clock ticks since boot: detects a reused pid
 * @param initInode detects a reused pid where /proc hides init; otherwise 0
 * @param created RFC 3339, UTC
 * @param cgroups the cgroup's directory on the host per v1 controller, "" for v2
 * @param unit that systemd made for it; absent without systemd
 * @param resctrl its resctrl group; absent if it has none
 * @param privatePids whether killing init ends all its processes
 * @param keyring the name of its session keyring; empty if it has none of its own
 * @param home the home directory of its program's user
 * @param hooks whether the specification has hooks
 * @param listener whether its seccomp filter has a listener
 * @param apparmorProfile that init has asked for; empty if none, or "unconfined"
 */
public record State(
        String id,
        int initPid,
        long initStart,
        long initInode,
        String created,
        String bundle,
        String rootfs,
        Map<String, String> annotations,
        Map<String, String> cgroups,
        Optional<SystemdUnit> unit,
        Optional<ResctrlGroup> resctrl,
        boolean privatePids,
        String keyring,
        String home,
        boolean hooks,
        boolean listener,
        String apparmorProfile) {

    /** The same once init exists, and knows where its user is at home. */
    public State withInit(InitProcess init, String homeDirectory) {
        return new Builder(this)
                .initPid(init.pid())
                .initStart(init.start())
                .initInode(init.inode())
                .home(homeDirectory)
                .build();
    }

    /** Returns the same with only those of its cgroups that could be created. */
    public State withCgroups(Collection<String> directories) {
        Map<String, String> made = new LinkedHashMap<>(cgroups);
        made.values().retainAll(directories);
        return new Builder(this).cgroups(made).build();
    }

    /** Returns its init, as it was when it began. */
    public InitProcess init() {
        return new InitProcess(initPid, initStart, initInode);
    }

    /** Returns the state document for other programs. */
    public OciState oci(String status, int pid, String owner) {
        return new OciState(id, pid, status, bundle, rootfs, created, annotations, owner);
    }

    public byte[] toJson() {
        JsonText json = JsonText.compact();
        json.beginObject();
        json.string("ociVersion", Spec.VERSION);
        json.string("id", id);
        json.number("init_process_pid", initPid);
        json.number("init_process_start", initStart);
        json.number("init_pidfd_inode", initInode);
        json.string("created", created);
        json.string("bundle", bundle);
        json.string("rootfs", rootfs);
        json.map("annotations", annotations);
        json.map("cgroup_paths", cgroups);
        unit.ifPresent(one -> one.writeTo(json));
        resctrl.ifPresent(group -> group.writeTo(json));
        json.bool("private_pids", privatePids);
        json.string("keyring", keyring);
        json.string("home", home);
        json.bool("hooks", hooks);
        json.bool("listener", listener);
        if (!apparmorProfile.isEmpty()) {
            json.string("apparmor_profile", apparmorProfile);
        }
        json.endObject();
        return json.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** Reads that of a container; {@link Failure} if there is none. */
    public static State read(StateDirectory directory) {
        Optional<State> state = find(directory);
        if (state.isEmpty()) {
            throw Failure.of(Failure.Code.NOT_FOUND, "container does not exist: " + directory.id());
        }
        return state.get();
    }

    /**
     * As {@link #read}, but empty if there is none. The copy stands in for one that is damaged; a
     * {@link Failure} if that is, too.
     */
    public static Optional<State> find(StateDirectory directory) {
        Optional<byte[]> json = directory.read(StateDirectory.STATE);
        try {
            if (json.isEmpty()) {
                json = directory.read(StateDirectory.STATE_COPY);
            }
            if (json.isEmpty()) {
                json = stateBesideConfig(directory);
            }
            return json.isEmpty() ? Optional.empty() : Optional.of(fromJson(json.get()));
        } catch (Failure f) {
            return Optional.of(copyInsteadOf(directory, f));
        }
    }

    private static State copyInsteadOf(StateDirectory directory, Failure why) {
        Optional<byte[]> copy = directory.read(StateDirectory.STATE_COPY);
        try {
            if (copy.isPresent()) {
                return fromJson(copy.get());
            }
        } catch (Failure second) {
            why.addSuppressed(second);
        }
        throw StateDirectory.damaged(StateDirectory.STATE, directory.id(), why);
    }

    /** The state is written before the specification, and removed after it. */
    private static Optional<byte[]> stateBesideConfig(StateDirectory directory) {
        if (!directory.has(StateDirectory.CONFIG)) {
            return Optional.empty();
        }
        Optional<byte[]> json = directory.read(StateDirectory.STATE);
        if (json.isEmpty()) {
            throw Failure.of(Failure.Code.DAMAGED, "the file is missing");
        }
        return json;
    }

    public static State fromJson(byte[] json) {
        Fields fields = Fields.parse(json, "state.json");
        return new Builder()
                .id(fields.string("id"))
                .initPid((int) fields.integer("init_process_pid", 0, Integer.MAX_VALUE))
                .initStart(fields.integer("init_process_start", 0, Long.MAX_VALUE))
                .initInode(fields.optionalLong("init_pidfd_inode", 0, Long.MAX_VALUE).orElse(0))
                .created(fields.string("created"))
                .bundle(fields.string("bundle"))
                .rootfs(fields.string("rootfs"))
                .annotations(fields.stringMap("annotations"))
                .cgroups(new LinkedHashMap<>(fields.stringMap("cgroup_paths")))
                .unit(SystemdUnit.readFrom(fields))
                .resctrl(ResctrlGroup.readFrom(fields))
                .privatePids(fields.bool("private_pids"))
                .keyring(
                        fields.has("keyring")
                                ? fields.string("keyring")
                                : "_ses." + fields.string("id"))
                .home(fields.stringOrEmpty("home"))
                .hooks(fields.bool("hooks"))
                .listener(fields.bool("listener"))
                .apparmorProfile(fields.stringOrEmpty("apparmor_profile"))
                .build();
    }

    /** Returns the directory in its v2 cgroup that the container manages itself. */
    public Optional<String> delegatedCgroup() {
        String own = cgroups.getOrDefault("", "");
        return annotations.isEmpty() || own.isEmpty()
                ? Optional.empty()
                : CrunAnnotations.cgroup(annotations, CrunAnnotations.DELEGATE_CGROUP)
                        .map(name -> own + "/" + name);
    }

    /** Returns the directories of the cgroups. */
    public List<String> cgroupDirectories() {
        return new ArrayList<>(cgroups.values());
    }

    /** Makes one from named parts; what is not named is absent. */
    public static final class Builder {
        private String id = "";
        private int initPid;
        private long initStart;
        private long initInode;
        private String created = "";
        private String bundle = "";
        private String rootfs = "";
        private Map<String, String> annotations = Map.of();
        private Map<String, String> cgroups = Map.of();
        private Optional<SystemdUnit> unit = Optional.empty();
        private Optional<ResctrlGroup> resctrl = Optional.empty();
        private boolean privatePids;
        private String keyring = "";
        private String home = "";
        private boolean hooks;
        private boolean listener;
        private String apparmorProfile = "";

        /** Begins with all parts absent. */
        public Builder() {}

        /** Begins with the parts of {@code state}. */
        Builder(State state) {
            this.id = state.id;
            this.initPid = state.initPid;
            this.initStart = state.initStart;
            this.initInode = state.initInode;
            this.created = state.created;
            this.bundle = state.bundle;
            this.rootfs = state.rootfs;
            this.annotations = state.annotations;
            this.cgroups = state.cgroups;
            this.unit = state.unit;
            this.resctrl = state.resctrl;
            this.privatePids = state.privatePids;
            this.keyring = state.keyring;
            this.home = state.home;
            this.hooks = state.hooks;
            this.listener = state.listener;
            this.apparmorProfile = state.apparmorProfile;
        }

        public Builder id(String id) {
            this.id = id;
            return this;
        }

        public Builder initPid(int initPid) {
            this.initPid = initPid;
            return this;
        }

        public Builder initStart(long initStart) {
            this.initStart = initStart;
            return this;
        }

        public Builder initInode(long initInode) {
            this.initInode = initInode;
            return this;
        }

        public Builder created(String created) {
            this.created = created;
            return this;
        }

        public Builder bundle(String bundle) {
            this.bundle = bundle;
            return this;
        }

        public Builder rootfs(String rootfs) {
            this.rootfs = rootfs;
            return this;
        }

        public Builder annotations(Map<String, String> annotations) {
            this.annotations = annotations;
            return this;
        }

        public Builder cgroups(Map<String, String> cgroups) {
            this.cgroups = cgroups;
            return this;
        }

        public Builder unit(Optional<SystemdUnit> unit) {
            this.unit = unit;
            return this;
        }

        public Builder resctrl(Optional<ResctrlGroup> resctrl) {
            this.resctrl = resctrl;
            return this;
        }

        public Builder privatePids(boolean privatePids) {
            this.privatePids = privatePids;
            return this;
        }

        public Builder keyring(String keyring) {
            this.keyring = keyring;
            return this;
        }

        public Builder home(String home) {
            this.home = home;
            return this;
        }

        public Builder hooks(boolean hooks) {
            this.hooks = hooks;
            return this;
        }

        public Builder listener(boolean listener) {
            this.listener = listener;
            return this;
        }

        public Builder apparmorProfile(String apparmorProfile) {
            this.apparmorProfile = apparmorProfile;
            return this;
        }

        public State build() {
            return new State(
                    id,
                    initPid,
                    initStart,
                    initInode,
                    created,
                    bundle,
                    rootfs,
                    annotations,
                    cgroups,
                    unit,
                    resctrl,
                    privatePids,
                    keyring,
                    home,
                    hooks,
                    listener,
                    apparmorProfile);
        }
    }
}
