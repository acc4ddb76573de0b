// The Debian package and its units under a real systemd. Everything here runs as root on a machine
// that is thrown away afterwards: never run it on any other. `make test-service` runs it.

import Testing

/// One after the other, because there is one systemd, and one totpd on it.
@Suite(
    "The service", .serialized,
    .enabled(if: Host.isThrowAway, "these run under Tests/ServiceTests/with-systemd alone"))
enum ServiceTests {}
