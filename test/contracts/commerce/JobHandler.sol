// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Agreements} from "../../../contracts/commerce/Agreements.sol";
import {Escrow} from "../../../contracts/commerce/Escrow.sol";
import {JobBoard} from "../../../contracts/commerce/JobBoard.sol";
import {IAgreements} from "../../../contracts/interfaces/IAgreements.sol";
import {IEscrow} from "../../../contracts/interfaces/IEscrow.sol";
import {IIdentityRegistry} from "../../../contracts/interfaces/IIdentityRegistry.sol";
import {IJobBoard} from "../../../contracts/interfaces/IJobBoard.sol";
import {JobTypes} from "../../../contracts/libraries/JobTypes.sol";
import {AgreementId} from "../../../contracts/types/AgreementId.sol";
import {IdentityId, NO_IDENTITY} from "../../../contracts/types/IdentityId.sol";
import {JobId} from "../../../contracts/types/JobId.sol";
import {Test} from "../support/Test.sol";

/// @dev What the board asks of the registry, and nothing else: the real one does not fit beside an escrow into what one
/// transaction may deploy. Wallets move and keys are revoked at will.
contract PeopleStub {
    mapping(IdentityId identityId => address) public ownerOf;
    mapping(IdentityId identityId => bool) public isRevoked;
    mapping(address owner => IdentityId) public idByOwner;

    function move(IdentityId identityId, address owner) external {
        idByOwner[ownerOf[identityId]] = NO_IDENTITY;
        ownerOf[identityId] = owner;
        idByOwner[owner] = identityId;
    }

    function setRevoked(IdentityId identityId, bool revoked) external {
        isRevoked[identityId] = revoked;
    }

    function activeKeys(IdentityId identityId) external view returns (address owner, address controller) {
        return isRevoked[identityId] ? (address(0), address(0)) : (ownerOf[identityId], address(1));
    }
}

/// @dev People post, change and close jobs, agree, hire, end their agreements and rate, with and without the right. Every
/// action is signed with a real key, at times another's, and submitted by a stranger. Keeps its own books.
contract JobHandler is Test {
    uint256 public constant PEOPLE = 4;
    uint256 public constant MOST = 6;

    PeopleStub private immutable _people = new PeopleStub();
    Agreements public immutable agreements = new Agreements(address(new Escrow()));
    JobBoard public immutable board;
    /// @dev How often a person has moved to another wallet.
    mapping(uint256 person => uint256) private _moves;

    /// @dev By job: who posted it (person), its listing, its state as it should be.
    uint256[] public posters;
    bytes32[] public listings;
    IJobBoard.State[] public states;

    /// @dev By agreement, in their order: what was signed, for which job, by whom, and what came of it.
    struct Deal {
        AgreementId id;
        uint256 job;
        uint256 client;
        uint256 freelancer;
        bool hired;
        bool finished;
        uint8 byClient;
        uint8 byFreelancer;
    }
    Deal[] private _deals;
    IAgreements.Terms[] private _terms;

    constructor() {
        board = new JobBoard(IIdentityRegistry(address(_people)), agreements);
        for (uint256 i; i < PEOPLE; ++i) _people.move(idOf(i), walletAt(i));
        // So that short runs reach what comes late.
        post(0, 1, 3);
        agree(0, 1, 1);
    }

    function jobs() external view returns (uint256) {
        return posters.length;
    }

    function deals() external view returns (uint256) {
        return _deals.length;
    }

    function deal(uint256 index) external view returns (Deal memory) {
        return _deals[index];
    }

    /// @dev `fault`: 0 another's key, 1 no listing, 2 a day in the past, more: none.
    function post(uint256 person, uint256 seed, uint256 fault) public {
        if (posters.length == MOST) return;
        person %= PEOPLE;
        fault %= 9;
        bool may = fault > 2 && acts(person);
        bytes32 listing = fault == 1 ? bytes32(0) : keccak256(abi.encode("listing", seed));
        uint64 applyBy = uint64(fault == 2 ? now_() : now_() + within(seed, 1, 366 days));
        uint256 nonce = board.nonceOf(idOf(person));
        bytes32 hash = JobTypes.hashPost(idOf(person), listing, applyBy, nonce, type(uint256).max);
        bytes memory signature = sign(fault == 0 ? person + 1 : person, hash);
        try board.post(idOf(person), listing, applyBy, type(uint256).max, signature) returns (JobId jobId) {
            holds(may, "posted without the right");
            posters.push(person);
            listings.push(listing);
            states.push(IJobBoard.State.Open);
            equal(JobId.unwrap(jobId), posters.length, "numbers count up");
            equal(board.nonceOf(idOf(person)), nonce + 1, "a nonce is spent");
        } catch {
            holds(!may, "a rightful post was refused");
            equal(board.nonceOf(idOf(person)), nonce, "a refused post spends nothing");
        }
    }

    function edit(uint256 pick, uint256 seed, uint256 fault) external {
        uint256 job = pick % posters.length;
        fault %= 6;
        bool may = fault != 0 && states[job] == IJobBoard.State.Open && acts(posters[job]);
        IdentityId poster = idOf(posters[job]);
        bytes32 listing = keccak256(abi.encode("edited", seed));
        uint64 applyBy = uint64(now_() + within(seed, 1, 366 days));
        bytes32 hash = JobTypes.hashEdit(jobAt(job), listing, applyBy, board.nonceOf(poster), type(uint256).max);
        bytes memory signature = sign(fault == 0 ? posters[job] + 1 : posters[job], hash);
        try board.edit(jobAt(job), listing, applyBy, type(uint256).max, signature) {
            holds(may, "changed without the right");
            listings[job] = listing;
        } catch {
            holds(!may, "a rightful change was refused");
        }
    }

    /// @dev Seldom, or hardly any job would stay open.
    function close(uint256 pick, uint256 seed, uint256 fault) external {
        if (seed % 4 != 0) return;
        uint256 job = pick % posters.length;
        fault %= 6;
        bool may = fault != 0 && states[job] == IJobBoard.State.Open && acts(posters[job]);
        bytes32 hash = JobTypes.hashClose(jobAt(job), board.nonceOf(idOf(posters[job])), type(uint256).max);
        try board.close(jobAt(job), type(uint256).max, sign(fault == 0 ? posters[job] + 1 : posters[job], hash)) {
            holds(may, "closed without the right");
            states[job] = IJobBoard.State.Closed;
        } catch {
            holds(!may, "a rightful closing was refused");
        }
    }

    /// @dev `seed`: at times somebody else than the poster pays, and then nobody may be hired by it.
    function agree(uint256 pick, uint256 other, uint256 seed) public {
        if (_deals.length == MOST) return;
        uint256 job = pick % posters.length;
        uint256 client = (seed % 5 == 0 ? posters[job] + 1 : posters[job]) % PEOPLE;
        uint256 freelancer = (client + within(other, 1, PEOPLE - 1)) % PEOPLE;
        IAgreements.Terms memory t = termsOf(job, client, freelancer);
        AgreementId id = agreements.idOf(t);
        bytes[] memory signatures = new bytes[](2);
        for (uint256 i; i < 2; ++i) {
            uint256 signer = t.signers[i] == t.payer ? client : freelancer;
            signatures[i] = signDigest(signer, AgreementId.unwrap(id));
        }
        agreements.conclude(t, signatures);
        _deals.push(Deal(id, job, client, freelancer, false, false, 0, 0));
        _terms.push(t);
    }

    /// @dev `fault`: 0 another secret, 1 another job, more: none.
    function hire(uint256 pick, uint256 fault) external {
        uint256 index = pick % _deals.length;
        Deal storage d = _deals[index];
        fault %= 6;
        bool right = fault > 1 && d.client == posters[d.job] && acts(d.client);
        // Who signed may have moved to another wallet since.
        IAgreements.Terms memory t = _terms[index];
        right = right && t.payer == walletAt(d.client) && t.payee == walletAt(d.freelancer);
        bytes32 secret = fault == 0 ? bytes32("guess") : secretOf(index);
        JobId job = fault == 1 ? jobAt((d.job + 1) % posters.length) : jobAt(d.job);
        if (fault == 1 && posters.length == 1) return;
        try board.hire(job, t, secret) {
            holds(right && !d.hired, "hired without the right");
            d.hired = true;
            states[d.job] = IJobBoard.State.Hired;
        } catch {
            holds(!right || d.hired, "a rightful hire was refused");
        }
    }

    function finish(uint256 pick) external {
        uint256 index = pick % _deals.length;
        Deal storage d = _deals[index];
        if (d.finished) return;
        IEscrow escrow = IEscrow(agreements.agreement(d.id).escrow);
        for (uint256 i; i < 2; ++i) {
            address party = i == 0 ? _terms[index].payer : _terms[index].payee;
            IEscrow.Authorisation memory auth = IEscrow.Authorisation(party, escrow.step(), type(uint256).max, "");
            vm.prank(party);
            escrow.cancel(0, auth);
        }
        d.finished = true;
    }

    /// @dev `fault`: 0 another's key, 1 a score there is not, 2 somebody who is no party, more: none.
    function rate(uint256 pick, bool byClient, uint256 seed, uint256 fault) external {
        Deal storage d = _deals[pick % _deals.length];
        fault %= 8;
        uint256 person = fault == 2 ? outsider(d) : byClient ? d.client : d.freelancer;
        uint8 score = fault == 1 ? uint8(seed % 2 == 0 ? 0 : 6) : uint8(within(seed, 1, 5));
        bool may = fault > 2 && acts(person) && d.hired && d.finished && (byClient ? d.byClient : d.byFreelancer) == 0;
        bytes32 hash = JobTypes.hashRate(d.id, idOf(person), score, bytes32(seed), type(uint256).max);
        bytes memory signature = sign(fault == 0 ? person + 1 : person, hash);
        try board.rate(d.id, idOf(person), score, bytes32(seed), type(uint256).max, signature) {
            holds(may, "rated without the right");
            if (byClient) d.byClient = score;
            else d.byFreelancer = score;
        } catch {
            holds(!may, "a rightful rating was refused");
        }
    }

    /// @dev As after a recovery.
    function move(uint256 person) external {
        person %= PEOPLE;
        ++_moves[person];
        _people.move(idOf(person), walletAt(person));
    }

    /// @dev Mostly not for long, or nobody would do anything.
    function revoke(uint256 person, uint256 seed) external {
        _people.setRevoked(idOf(person), seed % 4 == 0);
    }

    function wait_(uint256 duration) external {
        pass(within(duration, 1, 100 days));
    }

    function jobAt(uint256 job) public pure returns (JobId) {
        return JobId.wrap(uint64(job + 1));
    }

    /// @dev Enrolled in this order.
    function idOf(uint256 person) public pure returns (IdentityId) {
        return IdentityId.wrap(uint64(person % PEOPLE) + 1);
    }

    function acts(uint256 person) private view returns (bool) {
        return !_people.isRevoked(idOf(person));
    }

    function walletAt(uint256 person) private view returns (address) {
        return vm.addr(keyOf(person));
    }

    function keyOf(uint256 person) private view returns (uint256) {
        return 1_000 + (person % PEOPLE) + PEOPLE * _moves[person % PEOPLE];
    }

    function secretOf(uint256 index) private pure returns (bytes32) {
        return keccak256(abi.encode("secret", index));
    }

    function outsider(Deal storage d) private view returns (uint256 person) {
        while (person == d.client || person == d.freelancer) ++person;
    }

    /// @dev One milestone that nobody funds; both can end it at any time.
    function termsOf(
        uint256 job,
        uint256 client,
        uint256 freelancer
    ) private view returns (IAgreements.Terms memory t) {
        t.kind = IAgreements.Kind.Work;
        (t.payer, t.payee) = (walletAt(client), walletAt(freelancer));
        t.signers = new address[](2);
        (t.signers[0], t.signers[1]) = t.payer < t.payee ? (t.payer, t.payee) : (t.payee, t.payer);
        t.textHash = keccak256(abi.encode("text", _deals.length));
        t.salt = keccak256(abi.encode(jobAt(job), secretOf(_deals.length)));
        t.signBy = uint64(now_() + 1 days);
        IAgreements.Outcome back = IAgreements.Outcome.Refund;
        t.rules = IAgreements.Rules(back, IAgreements.Outcome.Release, back, 0, 0, 1 days, 1 days, 0);
        t.milestones = new IAgreements.Milestone[](1);
        t.milestones[0] = IAgreements.Milestone(1_000, uint40(now_() + 30 days));
    }

    function sign(uint256 person, bytes32 structHash) private view returns (bytes memory) {
        return signDigest(person, digestOf(structHash));
    }

    function signDigest(uint256 person, bytes32 digest) private view returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(keyOf(person), digest);
        return abi.encodePacked(r, s, v);
    }

    function digestOf(bytes32 structHash) private view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Skrumble JobBoard"),
                keccak256("1"),
                block.chainid,
                address(board)
            )
        );
        return keccak256(abi.encodePacked(hex"1901", domain, structHash));
    }
}
