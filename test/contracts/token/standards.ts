import { expect } from "chai";
import { ethers } from "../support/chain.ts";
import { deployToken } from "../support/deploy.ts";
import { domainOf, sign, TYPES } from "../support/typedData.ts";

/** What the standards publish, held against the tools that the other tests sign with and against the token. */

describe("published examples", () => {
  it("EIP-712: the mail from Cow to Bob has the digest and the signature of the standard", async () => {
    const domain = {
      name: "Ether Mail",
      version: "1",
      chainId: 1n,
      verifyingContract: "0xCcCCccccCCCCcCCCCCCcCcCccCcCCCcCcccccccC",
    };
    const types = {
      Person: [
        { name: "name", type: "string" },
        { name: "wallet", type: "address" },
      ],
      Mail: [
        { name: "from", type: "Person" },
        { name: "to", type: "Person" },
        { name: "contents", type: "string" },
      ],
    };
    const mail = {
      from: { name: "Cow", wallet: "0xCD2a3d9F938E13CD947Ec05AbC7FE734Df8DD826" },
      to: { name: "Bob", wallet: "0xbBbBBBBbbBBBbbbBbbBbbbbBBbBbbbbBbBbbBBbB" },
      contents: "Hello, Bob!",
    };
    expect(ethers.TypedDataEncoder.hashDomain(domain)).to.equal(
      "0xf2cee375fa42b42143804025fc449deafd50cc031ca257e0b194a650a912090f",
    );
    const encoder = ethers.TypedDataEncoder.from(types);
    expect(encoder.hashStruct("Mail", mail)).to.equal(
      "0xc52c0ee5d84264471806290a3f2c4cecfc5490626bf912d01f240d7a274b371e",
    );
    expect(ethers.TypedDataEncoder.hash(domain, types, mail)).to.equal(
      "0xbe609aee343fb3c4b28e1df9e632fca64fcfaede20f02e86244efddf30957bd2",
    );
    const cow = new ethers.Wallet(ethers.id("cow"));
    expect(cow.address).to.equal(mail.from.wallet);
    expect(await cow.signTypedData(domain, types, mail)).to.equal(
      "0x4355c47d63924e8a72e509b65029052eb6c299d53a04e167c5775fd466751c9d07299936d304c153f6443dfa05f40ff007d72911b6f72307f996231605b915621c",
    );
  });

  it("EIP-2612: the type hash is the standard's, and the digest is made as it says", async () => {
    const { skm, alice, bob } = await deployToken();
    const typeHash = ethers.id("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
    expect(typeHash).to.equal("0x6e71edae12b1b97f4d1f60370fef10105fa2faae0126114a169c64845d6126c9");
    const coder = ethers.AbiCoder.defaultAbiCoder();
    const domainHash = ethers.keccak256(
      coder.encode(
        ["bytes32", "bytes32", "bytes32", "uint256", "address"],
        [
          ethers.id("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
          ethers.id("Skrumble"),
          ethers.id("1"),
          31_337n,
          await skm.getAddress(),
        ],
      ),
    );
    expect(await skm.DOMAIN_SEPARATOR()).to.equal(domainHash);
    const message = { owner: alice.address, spender: bob.address, value: 7n, nonce: 0n, deadline: 10n ** 11n };
    const structHash = ethers.keccak256(
      coder.encode(
        ["bytes32", "address", "address", "uint256", "uint256", "uint256"],
        [typeHash, message.owner, message.spender, message.value, message.nonce, message.deadline],
      ),
    );
    const digest = ethers.keccak256(ethers.concat(["0x1901", domainHash, structHash]));
    const domain = await domainOf(skm, "Skrumble");
    expect(ethers.TypedDataEncoder.hash({ ...domain, version: "1" }, { Permit: [...TYPES.Permit] }, message)).to.equal(
      digest,
    );
    const signature = await sign(alice, domain, "Permit", message);
    expect(ethers.recoverAddress(digest, signature)).to.equal(alice.address);
    const { v, r, s } = ethers.Signature.from(signature);
    await skm.permit(message.owner, message.spender, message.value, message.deadline, v, r, s);
    expect(await skm.allowance(alice.address, bob.address)).to.equal(7n);
  });
});
