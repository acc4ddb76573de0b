// The hosts of a connection string, one by one. libpq tries them in their order, and waits for each
// for as long as that takes: one that swallows packets keeps it from the next.

struct HostList: Equatable {
    /// As libpq found them, also in a file of services: lists divided by commas.
    var host: String?
    /// Addresses, of which libpq needs no name.
    var address: String?
    var port: String?

    /// What names each host over what the connection string says, in their order. Nil where there
    /// is only one, or where libpq alone knows what is meant: entries without a name, or of another
    /// number.
    var each: [Connecting.Keywords]? {
        let (hosts, addresses) = (Self.entries(host), Self.entries(address))
        let ports = Self.entries(port)
        let count = max(hosts.count, addresses.count)
        guard count > 1, [0, count].contains(hosts.count), [0, count].contains(addresses.count),
            [0, 1, count].contains(ports.count), !(hosts + addresses + ports).contains("")
        else { return nil }
        return (0..<count).map { index in
            var one: Connecting.Keywords = []
            if !hosts.isEmpty { one.append(("host", hosts[index])) }
            if !addresses.isEmpty { one.append(("hostaddr", addresses[index])) }
            if let port = ports.count == count ? ports[index] : ports.first {
                one.append(("port", port))
            }
            return one
        }
    }

    private static func entries(_ list: String?) -> [String] {
        guard let list, !list.isEmpty else { return [] }
        return list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
}
