// SPDX-License-Identifier: Apache-2.0
package io.jrunc.namespace;

import io.jrunc.setup.SetupContext;
import io.jrunc.setup.Step;
import java.util.Optional;

/** Names the container's host. uts_namespaces(7). */
public record SetNames(Optional<String> hostname, Optional<String> domainname) implements Step {
    @Override
    public String title() {
        return "set the host's name to "
                + hostname.orElse("")
                + domainname.map(d -> "." + d).orElse("");
    }

    @Override
    public String field() {
        return hostname.isPresent() ? "hostname" : "domainname";
    }

    @Override
    public boolean isDeferrable() {
        return true;
    }

    @Override
    public void apply(SetupContext context) {
        if (hostname.isPresent()) {
            context.init().processes().setHostname(hostname.get());
        }
        if (domainname.isPresent()) {
            context.init().processes().setDomainname(domainname.get());
        }
    }
}
