// What admins do with the store as a whole: keys, backups, exports. It runs off the event loop, and
// after its event is on the disk.

import Accounts
import Glibc
import Secrets
import Store
import Wire

extension Dispatcher {
    // MARK: Keys

    func rotateKey(_ kind: KeyKind, _ task: AdminTask, _ answer: @escaping ReplyHandler) {
        let upkeep = store.upkeep
        if kind == .record, upkeep.rotation != nil { return answer(.refused(.isChangingKeys)) }
        afterEvent(of: task, stage: .begun, answer) { [self] in
            // Before it begins: a small store is sealed anew before the answer is written.
            if kind == .record { rotationTask.withLock { $0 = task } }
            let isTaken = slowWork.submit {
                Result { () throws(KeyFault) in
                    switch kind {
                    case .master: try upkeep.rotateMasterKey()
                    case .record: try upkeep.rotateRecordKey()
                    }
                }
            } _: { [self] in
                rotated($0, kind, task, answer)
            }
            if !isTaken { refuseRotation(.busy, task, answer) }
        }
    }

    private func rotated(
        _ result: Result<KeyID, KeyFault>, _ kind: KeyKind, _ task: AdminTask,
        _ answer: @escaping ReplyHandler
    ) {
        switch result {
        case .success(let id):
            let reply = Reply.admin(.keyRotated(id: id.description))
            switch kind {
            case .master: end(task, .ended) { answer(reply) }
            case .record: answer(reply)
            }
        case .failure(.isChanging): refuseRotation(.isChangingKeys, task, answer)
        case .failure(let fault):
            warn("keys could not be changed: \(fault)")
            refuseRotation(Refusal(.unavailable), task, answer)
        }
    }

    private func refuseRotation(
        _ refusal: Refusal, _ task: AdminTask, _ answer: @escaping ReplyHandler
    ) {
        end(task, .failed(refusal)) { answer(.refused(refusal)) }
    }

    /// A change of record keys has come to its end. One that began before this start is nobody's
    /// any more: the process itself tells of it.
    func rotationEnded() {
        let begun = rotationTask.withLock { task in
            defer { task = nil }
            return task
        }
        let ours = AdminTask(
            AdminRequest(app: nil, reason: nil, action: .rotateKey(.record)), .rotateKey,
            Peer(uid: geteuid(), pid: getpid()))
        end(begun ?? ours, .ended) {}
    }

    // MARK: Copies

    func backup(to path: String, _ task: AdminTask, _ answer: @escaping ReplyHandler) {
        guard NewPath.isPlain(path) else { return answer(.refused(Refusal(.notPlain))) }
        copy("backup", task, answer) { upkeep, job throws(CopyFault) in
            let report = try upkeep.backup(to: try Self.target(path), job)
            return .backedUp(
                BackupResult(
                    accounts: report.accounts, events: report.events, bytes: report.bytes))
        }
    }

    func export(
        _ app: AppName, to path: String, under passphrase: SecretBytes, _ task: AdminTask,
        _ answer: @escaping ReplyHandler
    ) {
        guard NewPath.isPlain(path) else { return answer(.refused(Refusal(.notPlain))) }
        copy("export", task, answer) { upkeep, job throws(CopyFault) in
            let export = AccountExport(
                of: app, under: passphrase, to: try Self.target(path),
                beside: try Self.target(path + ".hmac"))
            let report = try export.run(upkeep, job)
            return .exported(accounts: report.accounts, unreadable: report.unreadable)
        }
    }

    /// Where a copy goes: never where the service alone would see it.
    private static func target(_ path: String) throws(CopyFault) -> NewPath {
        do {
            let target = try NewPath(path)
            try target.refuseHidden(from: MountTable.ofThisProcess())
            return target
        } catch {
            throw .path(error)
        }
    }

    /// - Parameter body: what it does away from the loop; everything that looks at the disk.
    private func copy(
        _ name: String, _ task: AdminTask, _ answer: @escaping ReplyHandler,
        _ body: @escaping @Sendable (any StoreUpkeep, Job) throws(CopyFault) -> AdminReply
    ) {
        let upkeep = store.upkeep
        undertake(task, answer) { [self] answer in
            let isTaken = slowWork.begin(name) { job in
                Result { () throws(CopyFault) in
                    Reply.admin(try body(upkeep, job))
                }.mapError { NoCopy($0) }
            } _: { [warn] result in
                switch result {
                case .success(let reply): answer(reply)
                case .failure(let fault):
                    if let cause = fault.cause { warn("no \(name) was made: \(cause)") }
                    answer(.refused(fault.refusal))
                }
            }
            if !isTaken { answer(.refused(Refusal(.busy, detail: "one is under way"))) }
        }
    }
}

/// Why there is no copy, for the host's log and for whoever asked.
private struct NoCopy: Error {
    /// Nil when the path alone was the mistake.
    let cause: String?
    let refusal: Refusal

    /// Looks at the disk, to say which places would do.
    init(_ fault: CopyFault) {
        guard case .path(let fault) = fault else {
            (cause, refusal) = (fault.description, Refusal(.unavailable))
            return
        }
        let places =
            fault.isOfPlace ? MountTable.ofThisProcess().places(MountTable.mayWrite) : []
        (cause, refusal) = (fault == .exists ? nil : fault.cause, Refusal(fault, places))
    }
}

extension Refusal {
    fileprivate static let isChangingKeys = Refusal(
        .busy, detail: "a change of record keys is under way")

    /// - Parameter places: where totpd may write.
    fileprivate init(_ fault: NewPathFault, _ places: [String] = []) {
        let advice = places.isEmpty ? "" : "; it may write below \(places.joined(separator: ", "))"
        self.init(.badRequest, field: "path", detail: fault.description + advice)
    }
}
