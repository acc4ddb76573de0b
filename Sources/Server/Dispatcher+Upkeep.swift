// What admins do with the store as a whole: keys, backups, exports. None of it is done on the event
// loop, and none before its event is on the disk.

import Accounts
import Secrets
import Store
import Wire

extension Dispatcher {
    // MARK: Keys

    func rotateKey(_ kind: KeyKind, _ task: AdminTask, _ answer: @escaping Answer) {
        guard let upkeep = store.upkeep else { return answer(.refused(Refusal(.unavailable))) }
        if kind == .record, upkeep.rotation != nil { return answer(.refused(.isChangingKeys)) }
        afterEvent(of: task, answer) { [self] in
            let isTaken = slowWork.submit {
                Result { () throws(KeyFault) in
                    switch kind {
                    case .master: try upkeep.rotateMasterKey()
                    case .record: try upkeep.rotateRecordKey()
                    }
                }
            } _: { [self] in
                rotated($0, kind, answer)
            }
            if !isTaken { answer(.refused(.busy)) }
        }
    }

    private func rotated(
        _ result: Result<KeyID, KeyFault>, _ kind: KeyKind, _ answer: @escaping Answer
    ) {
        switch result {
        case .success(let id):
            if kind == .record { turnLog() }
            answer(.admin(.keyRotated(id: id.description)))
        case .failure(.isChanging): answer(.refused(.isChangingKeys))
        case .failure(let fault):
            warn("keys could not be changed: \(fault)")
            answer(.refused(Refusal(.unavailable)))
        }
    }

    /// So that a change of record keys goes on although nobody asks anything. If it cannot now, the
    /// next request will do.
    private func turnLog() {
        _ = queue.look { store in
            Result { () throws(StoreFault) in try store.upkeep?.turnLog() }
        } _: { [warn] result in
            if case .failure(let fault) = result { warn("the log could not be turned: \(fault)") }
        }
    }

    // MARK: Copies

    func backup(to path: String, _ task: AdminTask, _ answer: @escaping Answer) {
        do {
            let target = try NewPath(path)
            afterEvent(of: task, answer) { [self] in
                copy("backup", answer) { upkeep, job throws(CopyFault) in
                    let report = try upkeep.backup(to: target, job)
                    return .backedUp(
                        BackupResult(
                            accounts: report.accounts, events: report.events, bytes: report.bytes))
                }
            }
        } catch {
            answer(.refused(Refusal(error)))
        }
    }

    func export(
        _ app: AppName, to path: String, under passphrase: SecretBytes, _ task: AdminTask,
        _ answer: @escaping Answer
    ) {
        do {
            let export = try Export(of: app, under: passphrase, to: path)
            afterEvent(of: task, answer) { [self] in
                copy("export", answer) { upkeep, job throws(CopyFault) in
                    let report = try export.run(upkeep, job)
                    return .exported(accounts: report.accounts, unreadable: report.unreadable)
                }
            }
        } catch {
            answer(.refused(Refusal(error)))
        }
    }

    private func copy(
        _ name: String, _ answer: @escaping Answer,
        _ body: @escaping @Sendable (any StoreUpkeep, Job) throws(CopyFault) -> AdminReply
    ) {
        guard let upkeep = store.upkeep else { return answer(.refused(Refusal(.unavailable))) }
        let isTaken = slowWork.begin(name) { job in
            Result { () throws(CopyFault) in try body(upkeep, job) }
        } _: { [warn] result in
            switch result {
            case .success(let reply): answer(.admin(reply))
            case .failure(.path(let fault)): answer(.refused(Refusal(fault)))
            case .failure(let fault):
                warn("no \(name) was made: \(fault)")
                answer(.refused(Refusal(.unavailable)))
            }
        }
        if !isTaken { answer(.refused(Refusal(.busy, detail: "one is under way"))) }
    }
}

extension Refusal {
    fileprivate static let isChangingKeys = Refusal(
        .busy, detail: "a change of record keys is under way")

    fileprivate init(_ fault: NewPathFault) {
        self.init(.badRequest, field: "path", detail: fault.description)
    }
}
