// The hosts of a connection string, one by one.

import Testing

@testable import PostgresStore

@Suite("A list of hosts")
struct HostListTests {
    private func each(_ host: String?, _ address: String? = nil, _ port: String? = nil) -> [String]?
    {
        HostList(host: host, address: address, port: port).each?.map { one in
            one.map { "\($0.keyword)=\($0.value)" }.joined(separator: " ")
        }
    }

    @Test("is each host with its address and port")
    func hosts() {
        #expect(each("a,b,c") == ["host=a", "host=b", "host=c"])
        #expect(each("a,b", nil, "5432") == ["host=a port=5432", "host=b port=5432"])
        #expect(each("a,b", nil, "1,2") == ["host=a port=1", "host=b port=2"])
        #expect(each(nil, "192.0.2.1,192.0.2.2") == ["hostaddr=192.0.2.1", "hostaddr=192.0.2.2"])
        #expect(
            each("a,b", "192.0.2.1,::1", "1,2")
                == ["host=a hostaddr=192.0.2.1 port=1", "host=b hostaddr=::1 port=2"])
    }

    @Test("is none of one host, or where libpq has to say what is meant")
    func others() {
        #expect(each(nil) == nil && each("") == nil && each("/run/postgresql") == nil)
        #expect(each("a", nil, "1,2") == nil, "two ports of one host")
        #expect(each("a,b", "192.0.2.1") == nil && each("a,b", nil, "1,2,3") == nil)
        #expect(each("a,") == nil && each(",a") == nil && each("a,b", nil, "1,") == nil)
    }
}
