// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cli.usage;

import io.jrunc.cgroup.stats.PressureStats;
import io.jrunc.json.JsonText;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Usage as JSON. What the kernel does not count is left out. */
record UsageJson(JsonText json) {
    private static final double HUNDREDTH = 100;

    /** Returns a list with an object for each container. */
    static String of(List<Usage> usages) {
        UsageJson text = new UsageJson(JsonText.indented("  "));
        text.json.beginList();
        usages.forEach(text::append);
        text.json.endList();
        return text.json + "\n";
    }

    private void append(Usage usage) {
        json.beginObject();
        json.string("id", usage.id());
        json.string("status", usage.status());
        json.beginObject("cpu");
        decimal("percent", usage.cpu().percent());
        number("total_nanos", usage.cpu().nanos());
        decimal("throttled_percent", usage.cpu().throttledPercent());
        json.endObject();
        json.beginObject("memory");
        number("bytes", usage.memory().bytes());
        number("limit_bytes", usage.memory().limitBytes());
        decimal("percent", usage.memory().percent());
        number("oom_kills", usage.memory().oomKills());
        json.endObject();
        json.beginObject("pids");
        number("current", usage.pids().current());
        number("limit", usage.pids().limit());
        json.endObject();
        json.beginObject("io");
        json.number("read_bytes", usage.io().readBytes());
        json.number("written_bytes", usage.io().writtenBytes());
        decimal("read_bytes_per_second", usage.io().readRate());
        decimal("written_bytes_per_second", usage.io().writeRate());
        json.endObject();
        json.beginObject("pressure");
        pressure("cpu", usage.pressure().cpu());
        pressure("memory", usage.pressure().memory());
        pressure("io", usage.pressure().io());
        json.endObject();
        json.endObject();
    }

    private void pressure(String name, Optional<PressureStats.Pressure> pressure) {
        if (pressure.isPresent()) {
            json.beginObject(name);
            json.decimal("some_avg10", pressure.get().some().avg10());
            json.decimal("full_avg10", pressure.get().full().avg10());
            json.endObject();
        }
    }

    private void number(String name, OptionalLong number) {
        if (number.isPresent()) {
            json.unsigned(name, number.getAsLong());
        }
    }

    /** Adds a fraction with two digits. */
    private void decimal(String name, OptionalDouble number) {
        if (number.isPresent()) {
            json.decimal(name, Math.round(number.getAsDouble() * HUNDREDTH) / HUNDREDTH);
        }
    }
}
