// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.systemd;

import io.jrunc.cgroup.file.Poll;
import io.jrunc.linux.Failure;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.freedesktop.dbus.DBusMatchRule;
import org.freedesktop.dbus.connections.impl.DBusConnection;
import org.freedesktop.dbus.connections.impl.DBusConnectionBuilder;
import org.freedesktop.dbus.exceptions.DBusException;
import org.freedesktop.dbus.messages.Error;
import org.freedesktop.dbus.messages.Message;
import org.freedesktop.dbus.messages.MethodCall;
import org.freedesktop.dbus.types.Variant;

/** A systemd, over D-Bus. Source: org.freedesktop.systemd1(5). */
final class SystemdBus implements Systemd {
    private static final String SERVICE = "org.freedesktop.systemd1";
    private static final String MANAGER_PATH = "/org/freedesktop/systemd1";
    private static final String MANAGER = SERVICE + ".Manager";
    private static final String PROPERTIES = "org.freedesktop.DBus.Properties";
    private static final String NO_SUCH_UNIT = SERVICE + ".NoSuchUnit";
    private static final String UNIT_EXISTS = SERVICE + ".UnitExists";
    private static final long ANSWER_MILLIS = 30_000;
    private static final long FREE_MILLIS = 3_000;
    private static final long PAUSE_MILLIS = 20;

    /** A job that is done: its path, and how it ended. */
    private record Job(String path, String result) {}

    private final DBusConnection connection;
    private final BlockingQueue<Job> ended = new LinkedBlockingQueue<>();

    private SystemdBus(DBusConnection connection) {
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @param address of the bus, {@code unix:path=…}
     */
    static Systemd connect(String address) {
        try {
            DBusConnection connection =
                    DBusConnectionBuilder.forAddress(address)
                            .withShared(false)
                            .transportConfig()
                            .configureSasl()
                            .withSaslUid(HostUid.own())
                            .back()
                            .back()
                            .build();
            SystemdBus bus = new SystemdBus(connection);
            bus.subscribe();
            return bus;
        } catch (DBusException e) {
            throw Failure.of(
                    Failure.Code.SYSTEMD, "systemd cannot be asked at " + address + ": " + e, e);
        }
    }

    private void subscribe() throws DBusException {
        connection.addGenericSigHandler(
                new DBusMatchRule("signal", MANAGER, "JobRemoved", MANAGER_PATH),
                signal -> {
                    try {
                        Object[] job = signal.getParameters(); // number, path, unit, result
                        ended.add(new Job(job[1].toString(), job[3].toString()));
                    } catch (DBusException e) {
                        ended.add(new Job("", e.toString()));
                    }
                });
        call("Subscribe", "");
    }

    @Override
    public int version() {
        String text = property(MANAGER_PATH, MANAGER, "Version").toString();
        int end = text.startsWith("v") ? 1 : 0;
        int start = end;
        while (end < text.length() && Character.isDigit(text.charAt(end))) {
            end++;
        }
        return end == start ? 0 : Integer.parseInt(text.substring(start, end));
    }

    @Override
    public void start(String unit, List<UnitProperty> properties) {
        Message answer =
                ask("StartTransientUnit", "ssa(sv)a(sa(sv))", startArguments(unit, properties));
        if (isError(answer, UNIT_EXISTS)) {
            // One of that name may be about to end, or be remembered because it failed.
            reset(unit);
            awaitFree(unit);
            answer =
                    ask("StartTransientUnit", "ssa(sv)a(sa(sv))", startArguments(unit, properties));
        }
        if (isError(answer, UNIT_EXISTS)) {
            throw Failure.invalid(
                    "linux.cgroupsPath",
                    "systemd has a unit " + unit + " already",
                    "name another, or choose another id");
        }
        await(unit, parameters("StartTransientUnit", answer)[0].toString());
    }

    private static Object[] startArguments(String unit, List<UnitProperty> properties) {
        return new Object[] {unit, "replace", structures(properties), new Object[0][]};
    }

    private void awaitFree(String unit) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FREE_MILLIS);
        while (!path(unit).isEmpty() && System.nanoTime() < end) {
            Poll.pause(PAUSE_MILLIS);
        }
    }

    /** Waits for the end of a job. */
    private void await(String unit, String path) {
        try {
            for (Job job = next(); job != null; job = next()) {
                if (job.path.equals(path)) {
                    if (!job.result.equals("done")) {
                        throw Failure.of(
                                Failure.Code.SYSTEMD,
                                "systemd: job for " + unit + ": " + job.result);
                    }
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw Failure.of(Failure.Code.SYSTEMD, "systemd does not get done with " + unit);
    }

    private Job next() throws InterruptedException {
        return ended.poll(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public String cgroup(String unit) {
        String path = path(unit);
        String kind = unit.endsWith(".slice") ? ".Slice" : ".Scope";
        return path.isEmpty() ? "" : property(path, SERVICE + kind, "ControlGroup").toString();
    }

    /** Returns the unit's object; empty if systemd knows no such unit. */
    private String path(String unit) {
        Message answer = ask("GetUnit", "s", unit);
        return isError(answer, NO_SUCH_UNIT) ? "" : parameters("GetUnit", answer)[0].toString();
    }

    @Override
    public void set(String unit, List<UnitProperty> properties) {
        call("SetUnitProperties", "sba(sv)", unit, true, structures(properties));
    }

    @Override
    public void attach(String unit, String below, int pid) {
        call("AttachProcessesToUnit", "ssau", unit, below, List.of((long) pid));
    }

    @Override
    public void remove(String unit) {
        Message answer = ask("StopUnit", "ss", unit, "replace");
        if (!isError(answer, NO_SUCH_UNIT)) {
            await(unit, parameters("StopUnit", answer)[0].toString());
        }
        reset(unit);
    }

    private void reset(String unit) {
        Message answer = ask("ResetFailedUnit", "s", unit);
        if (!isError(answer, NO_SUCH_UNIT)) {
            parameters("ResetFailedUnit", answer);
        }
    }

    private Object property(String path, String type, String name) {
        Object[] answer = parameters(name, askAt(path, PROPERTIES, "Get", "ss", type, name));
        return ((Variant<?>) answer[0]).getValue();
    }

    private static Object[][] structures(List<UnitProperty> properties) {
        Object[][] structures = new Object[properties.size()][];
        for (int i = 0; i < structures.length; i++) {
            UnitProperty property = properties.get(i);
            Object value = BusValues.of(property.signature(), property.value());
            structures[i] =
                    new Object[] {property.name(), new Variant<>(value, property.signature())};
        }
        return structures;
    }

    private Object[] call(String method, String signature, Object... arguments) {
        return parameters(method, ask(method, signature, arguments));
    }

    private Message ask(String method, String signature, Object... arguments) {
        return askAt(MANAGER_PATH, MANAGER, method, signature, arguments);
    }

    private Message askAt(
            String path, String type, String method, String signature, Object... arguments) {
        try {
            MethodCall call =
                    connection
                            .getMessageFactory()
                            .createMethodCall(
                                    null,
                                    SERVICE,
                                    path,
                                    type,
                                    method,
                                    (byte) 0,
                                    signature.isEmpty() ? null : signature,
                                    arguments);
            connection.sendMessage(call);
            Message answer = call.getReply(ANSWER_MILLIS);
            if (answer == null) {
                throw Failure.of(Failure.Code.SYSTEMD, "systemd does not answer to " + method);
            }
            return answer;
        } catch (DBusException e) {
            throw Failure.of(
                    Failure.Code.SYSTEMD, "ask systemd to " + method + ": " + e.getMessage(), e);
        }
    }

    private static boolean isError(Message answer, String name) {
        return answer instanceof Error && name.equals(answer.getName());
    }

    private static Object[] parameters(String method, Message answer) {
        try {
            Object[] parameters = answer.getParameters();
            if (answer instanceof Error) {
                String text = parameters.length == 0 ? answer.getName() : parameters[0].toString();
                throw Failure.of(Failure.Code.SYSTEMD, "systemd refuses " + method + ": " + text);
            }
            return parameters;
        } catch (DBusException e) {
            throw Failure.of(
                    Failure.Code.SYSTEMD, "answer to " + method + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        connection.disconnect();
    }
}
