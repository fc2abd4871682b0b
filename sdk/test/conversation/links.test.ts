import { describe, expect, test } from "vitest";
import { decodePunycode } from "../../src/conversation/links/punycode.ts";
import { checkLink, findLink, maxUrl } from "../../src/conversation/links.ts";

describe("links that are not shown as links", () => {
  test.each([
    ["javascript:alert(1)", "scheme"],
    ["data:text/html,x", "scheme"],
    ["file:///etc/passwd", "scheme"],
    ["blob:https://a.com/x", "scheme"],
    ["https://bank.com@evil.net/", "credentials"],
    ["https://user:secret@a.com/", "credentials"],
    ["https://", "invalid"],
    ["not a link", "invalid"],
    [`https://a.com/${"x".repeat(maxUrl)}`, "too-long"],
    ["http://localhost:8080/", "private"],
    ["http://printer/", "private"],
    ["http://a.localhost/", "private"],
    ["http://nas.local/", "private"],
    ["http://router.home.arpa/", "private"],
    ["http://localhost./", "private"],
    ["http://127.0.0.1/", "private"],
    ["http://2130706433/", "private"],
    ["http://0x7f.1/", "private"],
    ["http://017700000001/", "private"],
    ["http://10.1.2.3/", "private"],
    ["http://172.31.0.1/", "private"],
    ["http://192.168.1.1/admin", "private"],
    ["http://169.254.169.254/latest/meta-data", "private"],
    ["http://100.64.0.1/", "private"],
    ["http://0.0.0.0/", "private"],
    ["http://255.255.255.255/", "private"],
    ["http://[::1]/", "private"],
    ["http://[::]/", "private"],
    ["http://[::ffff:127.0.0.1]/", "private"],
    ["http://[fe80::1]/", "private"],
    ["http://[fd00::1]/", "private"],
    ["http://[64:ff9b::7f00:1]/", "private"],
    ["http://[2002:7f00:1::]/", "private"],
    ["http://[2001:db8::1]/", "private"],
    ["http://①②⑦.⓪.⓪.①/", "private"],
  ])("%s", (link, problem) => {
    expect(checkLink(link)).toEqual({ problem });
  });
});

describe("hosts", () => {
  test.each([
    ["https://example.org/a?b#c", "example.org", false],
    ["https://例子.中国/", "例子.中国", false],
    ["https://xn--fsqu00a.xn--fiqs8s/", "例子.中国", false],
    ["https://münchen.de/", "münchen.de", false],
    ["https://москва.рф/", "москва.рф", false],
    ["https://8.8.8.8/", "8.8.8.8", false],
    ["https://[2606:4700::1111]/", "[2606:4700::1111]", false],
    ["https://сахар.рф/", "сахар.рф", false],
    ["https://сахaр.рф/", "xn--a-7sb3cbv.xn--p1ai", true],
    // Cyrillic that reads as Latin, and scripts mixed within a label.
    ["https://аррӏе.com/", "xn--80ak6aa92e.com", true],
    ["https://xn--80ak6aa92e.com/", "xn--80ak6aa92e.com", true],
    ["https://pаypal.com/", "xn--pypal-4ve.com", true],
    ["https://gооgle.com/", "xn--ggle-55da.com", true],
    ["https://xn--a.com/", "xn--a.com", true],
    // Signs that pass for the slash or the colon behind a host.
    ["https://accounts.google.com⁄login.attacker.com/", "accounts.google.xn--comlogin-g03d.attacker.com", true],
    ["https://google.com∕a.attacker.com/", "google.xn--coma-id9a.attacker.com", true],
    ["https://google.com⧸a.attacker.com/", "google.xn--coma-xl7b.attacker.com", true],
    ["https://google.com╱a.attacker.com/", "google.xn--coma-dv2b.attacker.com", true],
    ["https://google.com꞉443.attacker.com/", "google.xn--com443-km8v.attacker.com", true],
    ["https://google.comノa.attacker.com/", "google.xn--coma-xq4c.attacker.com", true],
    ["https://google.com丿a.attacker.com/", "google.xn--coma-ni5f.attacker.com", true],
    ["https://i❤.ws/", "xn--i-7iq.ws", true],
    ["https://カノンabc.jp/", "カノンabc.jp", false],
    // Letters with dots and strokes nobody types.
    ["https://ƅank.com/", "xn--ank-33a.com", true],
    ["https://paypaı.com/", "xn--paypa-r4a.com", true],
    ["https://p̣aypal.com/", "xn--paypal-b4d.com", true],
    ["https://ḅank.com/", "xn--ank-xxy.com", true],
  ])("%s is shown as %s", (link, shown, lookAlike) => {
    const checked = checkLink(link);
    if ("problem" in checked) {
      // The URL parser itself may refuse punycode that is not well formed.
      expect([link, checked.problem]).toEqual(["https://xn--a.com/", "invalid"]);
      return;
    }
    expect(checked).toMatchObject({ shown, lookAlike });
    expect(checked.host).toMatch(/^[\x20-\x7e]+$/);
  });
});

describe("the first link of a text", () => {
  test.each([
    ["see https://a.com/x.", "https://a.com/x"],
    ["(https://a.com/x)", "https://a.com/x"],
    ["https://en.wikipedia.org/wiki/Go_(game), nice", "https://en.wikipedia.org/wiki/Go_(game)"],
    ["看这个：https://a.com/x。很好", "https://a.com/x"],
    ["（https://a.com/x）", "https://a.com/x"],
    ["https://a.com/x，好", "https://a.com/x"],
    ["HTTPS://A.com/X", "HTTPS://A.com/X"],
    ["http://localhost/ then https://a.com", "https://a.com"],
    ["https://a.com/\u202etxt.exe", "https://a.com/"],
    ["**https://a.com/b**", "https://a.com/b"],
    ["https://a.com/搜索?q=中文", "https://a.com/搜索?q=中文"],
  ])("of %j", (text, written) => {
    const found = findLink(text);
    expect(found && text.slice(found.start, found.end)).toBe(written);
  });
  test.each(["", "a.com", "ftp://a.com", "javascript:alert(1)", `${"http://localhost/ ".repeat(40)}https://a.com`])(
    "%j has none",
    (text) => expect(findLink(text)).toBeUndefined(),
  );
  test("a text made to be slow is done at once", () => {
    expect(findLink(`https://a.com/${")".repeat(32_000)}`)).toBeUndefined();
    expect(findLink("http://".repeat(4500))).toBeUndefined();
    expect(findLink(`${`https://a.com/${")".repeat(1900)} `.repeat(16)}`)?.url).toBe("https://a.com/");
  });
});

/** RFC 3492, section 7.1. */
test.each([
  ["egbpdaj6bu4bxfgehfvwxn", "ليهمابتكلموشعربي؟"],
  ["ihqwcrb4cv8a8dqg056pqjye", "他们为什么不说中文"],
  ["4dbcagdahymbxekheh6e0a7fei0b", "למההםפשוטלאמדבריםעברית"],
  ["b1abfaaepdrnnbgefbadotcwatmq2g4l", "почемужеонинеговорятпорусски"],
  ["3b-ww4c5e180e575a65lsy2b", "3年b組金八先生"],
])("punycode %s", (encoded, text) => {
  expect(decodePunycode(encoded)).toBe(text);
});

test.each(["!", "a!", "99999999999", "zzzzzzzzzzzz", "ü"])("punycode %j is refused", (encoded) => {
  expect(decodePunycode(encoded)).toBeUndefined();
});
