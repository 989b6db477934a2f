// SPDX-License-Identifier: Apache-2.0
package io.jrunc.cgroup.v2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.jrunc.spec.Resources;
import io.jrunc.spec.json.SpecReader;
import io.jrunc.spec.json.SpecWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChangedLimitsTest {
    private static Resources resources(String json) {
        byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return SpecReader.readResources(bytes, "resources");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // what is absent stays, zero is "not set"
                "{'pids':{'limit':5}} | {} | {'pids':{'limit':5}}",
                "{'memory':{'limit':5}} | {'memory':{'limit':0}} | {'memory':{'limit':5}}",
                "{'cpu':{'quota':1,'period':2}} | {'cpu':{'period':3}}"
                        + " | {'cpu':{'quota':1,'period':3}}",
                "{'cpu':{'cpus':'0'}} | {'cpu':{'cpus':''}} | {'cpu':{'cpus':'0'}}",
                // no limit of memory is none of memory and swap
                "{'memory':{'limit':5,'swap':9}} | {'memory':{'limit':-1}}"
                        + " | {'memory':{'limit':-1,'swap':-1}}",
                // an idle cgroup has no shares
                "{'cpu':{'shares':7}} | {'cpu':{'idle':1}} | {'cpu':{'idle':1}}",
                // zero tasks is a limit
                "{'pids':{'limit':5}} | {'pids':{'limit':0}} | {'pids':{'limit':0}}",
                // device by device, name by name
                "{'blockIO':{'throttleReadBpsDevice':[{'major':8,'minor':0,'rate':1},"
                        + "{'major':8,'minor':1,'rate':1}]}}"
                        + " | {'blockIO':{'throttleReadBpsDevice':"
                        + "[{'major':8,'minor':1,'rate':2}]}}"
                        + " | {'blockIO':{'throttleReadBpsDevice':[{'major':8,'minor':0,'rate':1},"
                        + "{'major':8,'minor':1,'rate':2}]}}",
                "{'unified':{'a.b':'1'}} | {'unified':{'c.d':'2'}}"
                        + " | {'unified':{'a.b':'1','c.d':'2'}}",
                // a limit that is set later replaces a file that it ends up in
                "{'unified':{'memory.max':'1','memory.low':'2'}} | {'memory':{'limit':5}}"
                        + " | {'memory':{'limit':5},'unified':{'memory.low':'2'}}",
                "{'unified':{'memory.low':'1'}} | {'memory':{'reservation':5}}"
                        + " | {'memory':{'reservation':5}}",
                "{'unified':{'memory.swap.max':'1'}} | {'memory':{'limit':5,'swap':9}}"
                        + " | {'memory':{'limit':5,'swap':9}}",
                "{'unified':{'pids.max':'1'}} | {'pids':{'limit':5}} | {'pids':{'limit':5}}",
                "{'unified':{'cpu.max':'1 2'}} | {'cpu':{'quota':5}} | {'cpu':{'quota':5}}",
                "{'unified':{'cpu.max':'1 2'}} | {'cpu':{'period':5}} | {'cpu':{'period':5}}",
                "{'unified':{'cpu.weight':'1'}} | {'cpu':{'shares':5}} | {'cpu':{'shares':5}}",
                "{'unified':{'cpu.max.burst':'1'}} | {'cpu':{'burst':5}} | {'cpu':{'burst':5}}",
                "{'unified':{'cpuset.cpus':'1'}} | {'cpu':{'cpus':'0'}} | {'cpu':{'cpus':'0'}}",
                "{'unified':{'cpuset.mems':'1'}} | {'cpu':{'mems':'0'}} | {'cpu':{'mems':'0'}}",
                "{'unified':{'io.weight':'7'}} | {'blockIO':{'weight':20}}"
                        + " | {'blockIO':{'weight':20}}",
                "{'unified':{'pids.max':'1'}} | {'pids':{'limit':5},'unified':{'pids.max':'2'}}"
                        + " | {'pids':{'limit':5},'unified':{'pids.max':'2'}}",
                // a weight ends idleness, by whatever name either is known
                "{'cpu':{'idle':1}} | {'cpu':{'shares':5}} | {'cpu':{'idle':0,'shares':5}}",
                "{'cpu':{'idle':1}} | {'unified':{'cpu.weight':'5'}}"
                        + " | {'cpu':{'idle':0},'unified':{'cpu.weight':'5'}}",
                "{'unified':{'cpu.idle':'1'}} | {'cpu':{'shares':5}}"
                        + " | {'cpu':{'idle':0,'shares':5}}",
                "{'unified':{'cpu.idle':'1'}} | {'unified':{'cpu.weight':'5'}}"
                        + " | {'cpu':{'idle':0},'unified':{'cpu.weight':'5'}}",
                "{'unified':{'cpu.weight':'5'}} | {'cpu':{'idle':1}} | {'cpu':{'idle':1}}",
                // rules about devices only make sense together
                "{'devices':[{'allow':false}]} | {'devices':[{'allow':true}]}"
                        + " | {'devices':[{'allow':true}]}"
            })
    void whatIsNamedChanges(String now, String wanted, String result) {
        Resources change = resources(wanted);

        Resources changed = resources(now).changedBy(change, V2Limits.files(change));

        assertEquals(resources(result), changed);
        assertEquals(changed, resources(SpecWriter.compact(changed)));
    }
}
