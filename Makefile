# What a person types: make demo, make run, make test; before a release make proof. The other
# targets are parts of these.

# A crash should end at once; the backtracer of the toolchain takes a minute and knows no more.
export SWIFT_BACKTRACE := enable=no

# Where .ci/install unpacks packages when it may not install them. Absent on most machines.
deps := $(CURDIR)/.build/deps/usr
libraries := $(deps)/lib/$(shell uname -m)-linux-gnu
export PKG_CONFIG_PATH := $(libraries)/pkgconfig$(addprefix :,$(PKG_CONFIG_PATH))
export LD_LIBRARY_PATH := $(libraries)$(addprefix :,$(LD_LIBRARY_PATH))
export PATH := $(PATH):$(deps)/bin:$(deps)/sbin
export PYTHONPATH := $(deps)/lib/python3/dist-packages$(addprefix :,$(PYTHONPATH))
export PYTHONDONTWRITEBYTECODE := 1

# Tests are built a module at a time on all cores and without debug information: it takes three
# quarters of the time of a build file by file, which is what plain `swift build` does.
modules := -Xswiftc -whole-module-optimization -Xswiftc -num-threads -Xswiftc $(shell nproc)
test_build := $(modules) -debug-info-format none

# The same commit and compiler make the same bytes, wherever the folder is: no program has its path.
# With addresses that are resolved at the start and read-only from then on, and lld, which packs
# what is to be resolved into a tenth (glibc 2.36).
mapped = -Xswiftc -file-prefix-map -Xswiftc $(CURDIR)=/totpd -Xcc -ffile-prefix-map=$(CURDIR)=/totpd
linked = -Xswiftc -use-ld=lld -Xlinker -z -Xlinker now -Xlinker -z -Xlinker pack-relative-relocs \
    -Xlinker --build-id=$(shell .ci/build-id)
release_build = -c release --static-swift-stdlib --disable-local-rpath $(mapped) $(linked)

# Where `make install` puts things; DESTDIR, if set, stands before all of it.
PREFIX ?= /usr/local

.PHONY: run demo test proof test-build test-threads test-web test-adapters test-package
.PHONY: test-service bench
.PHONY: build pins install uninstall deb lint format clean
.PHONY: deps demo-deps test-deps web-deps adapters-deps bench-deps deb-deps service-deps

# A daemon to try by hand: its state, keys and sockets are under ./.totpd
run: build
	exec .build/release/totpd --dev

# totpd and a site with account-security pages, on loopback, until ^C: make demo PORT=8500
demo: demo-deps build
	@exec /usr/bin/python3 Examples/webapp/demo.py --port $(or $(PORT),8400)

# make test ARGS='--filter TidyTests' runs a part.
test: test-deps
	swift test --disable-xctest $(test_build) $(ARGS)

# The long proof, about an hour: many rounds and clients, Thread Sanitizer over all threads. A part
# of it: make proof ARGS=rounds
proof: test-deps release-deps
	Tests/Proof/run $(ARGS)

# Builds what `make test` runs.
test-build: test-deps pins
	swift build --build-tests $(test_build) $(ARGS)

# A test target under Thread Sanitizer, in a build folder of its own: make test-threads
# TARGET=StoreTests. Its reports need the debug information.
test-threads: test-deps
	TOTPD_TESTS=$(or $(TARGET),ThreadTests) swift test --disable-xctest --sanitize=thread \
	    --scratch-path .build-tsan $(modules)

# All of what Examples holds: the clients, the site, and the site in a browser.
# ARGS='browser -k narrow' runs a part.
test-web: web-deps build
	TOTPD_PROOF=1 Tests/Web/run $(ARGS)

# The adapters of Examples against the real applications, as root. ARGS=pam runs a part.
test-adapters: adapters-deps build
	Tests/Adapters/run $(ARGS)

# The package under a real systemd, as root: nothing of it stays behind.
test-service: service-deps deb
	swift build --build-tests $(test_build)
	Tests/ServiceTests/with-systemd \
	    swift test --disable-xctest --skip-build $(test_build) --filter ServiceTests

# What is in the package: sizes, hardening, notices, its bill of materials. `make deb` first.
test-package: package-deps deb
	Tests/Package/run

# Figures beside Redis, some minutes: make bench ACCOUNTS=100000 is shorter.
bench: bench-deps build
	Tests/Bench/disks
	Tests/Bench/peers
	SWEEP=1 Tests/Bench/run $(ACCOUNTS)
	Tests/Bench/instructions --keep

build: deps pins
	swift build $(release_build)

# As root, after `make build`: programs, units, pages and completions. It starts nothing.
install:
	systemd/install "$(DESTDIR)" "$(PREFIX)"

# As root: takes away what `make install` put there. The accounts and their key stay.
uninstall:
	systemd/uninstall "$(DESTDIR)" "$(PREFIX)"

# A Debian package, in .build/deb.
deb: deb-deps build
	systemd/debian/build

# The versions of the packages that are built in: .ci/versions.
pins: deps
	@.ci/pins

deps:
	@.ci/install run

test-deps:
	@.ci/install test

demo-deps:
	@.ci/install demo

web-deps:
	@.ci/install web

adapters-deps:
	@.ci/install adapters

bench-deps:
	@.ci/install bench

deb-deps:
	@.ci/install deb

package-deps:
	@.ci/install package

release-deps:
	@.ci/install release

service-deps:
	@.ci/install service

lint:
	swift format lint --strict --recursive --parallel Sources Tests Package.swift

format:
	swift format --in-place --recursive --parallel Sources Tests Package.swift

# The packages unpacked under .build/deps stay: to fetch them again needs a network.
clean:
	swift package clean
	rm -rf .build/release .build-tsan
