/** The iptables and ip6tables rules of a policy: their text, and putting them in place. */
@NullMarked
package knockgate.gate.firewall;

import org.jspecify.annotations.NullMarked;
