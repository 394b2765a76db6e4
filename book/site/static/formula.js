// Formulas as a reader types them, `2 J^2 t^2 / hbar^2`: their value, their dimension, and as mathematics.
// The grammar is that of notebooks, frenkel/_formulas, line by line: what one of them understands, the other does.
"use strict";

const formulas = (() => {
  const FUNCTIONS = { sqrt: Math.sqrt, exp: Math.exp, log: Math.log, ln: Math.log, sin: Math.sin, cos: Math.cos,
    tan: Math.tan, sinh: Math.sinh, cosh: Math.cosh, tanh: Math.tanh };
  const WORDS = ("Gamma Delta Theta Lambda Xi Phi Psi Omega alpha beta gamma delta epsilon eta theta kappa lambda mu nu xi"
    + " pi rho sigma tau phi chi psi omega hbar").split(" ");
  const LETTERS = Object.fromEntries([..."ΓΔΘΛΞΦΨΩαβγδεηθκλμνξπρστφχψωħ"].map((letter, i) => [WORDS[i], letter]));
  const TOKEN = /\s*((?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|[A-Za-zΑ-ωħ]+(?:_[A-Za-z0-9]+)?|\S)/g;
  const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻";
  const SIGNS = Object.entries({ "−": "-", "·": "*", "×": "*", "⋅": "*", "**": "^", "√": " sqrt ", "ℏ": "ħ", "µ": "μ",
    "ϵ": "ε", "[": "(", "]": ")", "{": "(", "}": ")" });
  const LONGEST = 200;
  const POINTS = 6;
  const PRIMES = [2, 3, 5, 7, 11, 13, 17, 19];

  class Misread extends Error {}

  const isWord = (token) => /^[A-Za-zΑ-ωħ]/.test(token);
  const has = (object, name) => Object.hasOwn(object, name);

  function tokens(text, names) {
    if ([...text].length > LONGEST) throw new Misread(`A formula has at most ${LONGEST} characters here.`);
    text = text.replace(/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+/g,
      (found) => `^(${[...found].map((sign) => "0123456789-"[RAISED.indexOf(sign)]).join("")})`);
    text = text.replace(/(?<=\d),(?=\d)/g, ".");
    for (const [written, meant] of SIGNS) text = text.replaceAll(written, meant);
    const known = new Map([...Object.keys(FUNCTIONS), ...names, "π"].map((name) => [name, name]));
    for (const word of WORDS) if (known.has(LETTERS[word])) known.set(word, LETTERS[word]);
    const longest = [...known.keys()].sort((a, b) => b.length - a.length);
    const found = [];
    for (let [, token] of text.matchAll(TOKEN)) {
      if (!isWord(token)) {
        found.push(token);
        continue;
      }
      while (token) {
        const name = longest.find((each) => token.startsWith(each));
        if (!name) throw new Misread(`There is no “${token}” here.`);
        found.push(known.get(name));
        token = token.slice(name.length);
      }
    }
    return found;
  }

  // A tree is an array: ["number", text], ["name", name], ["call", function, tree], ["-", tree], [sign, tree, tree].
  function parse(text, names) {
    const rest = tokens(text, names).reverse();
    const following = () => rest.at(-1) ?? "";
    const next = () => rest.pop() ?? "";

    function total() {
      const sign = ["+", "-"].includes(following()) ? next() : "+";
      let tree = sign === "-" ? ["-", product()] : product();
      while (["+", "-"].includes(following())) tree = [next(), tree, product()];
      return tree;
    }

    function product() {
      let tree = signed();
      while (following() && !["+", "-", ")"].includes(following())) {
        const sign = ["*", "/"].includes(following()) ? next() : "*";
        tree = [sign, tree, signed()];
      }
      return tree;
    }

    function signed() {
      if (["+", "-"].includes(following())) return next() === "-" ? ["-", signed()] : signed();
      return power();
    }

    function power() {
      const tree = atom();
      if (following() !== "^") return tree;
      next();
      return ["^", tree, signed()];
    }

    function atom() {
      const token = next();
      if (token === "(") return bracket();
      if (has(FUNCTIONS, token)) {
        if (next() !== "(") throw new Misread(`A bracket follows ${token}, as in ${token}(…).`);
        return ["call", token, bracket()];
      }
      if (/^\.?\d/.test(token)) return ["number", token];
      if (isWord(token)) return ["name", token];
      throw new Misread(token ? `“${token}” stands where a number or a name should.` : "It ends too early.");
    }

    function bracket() {
      const tree = total();
      if (next() !== ")") throw new Misread("A bracket is not closed.");
      return tree;
    }

    const tree = total();
    if (rest.length) throw new Misread("A bracket is closed that was not opened.");
    return tree;
  }

  function value([kind, first, second], of) {
    if (kind === "number") return Number(first);
    if (kind === "name") return of[first];
    if (kind === "call") return FUNCTIONS[first](value(second, of));
    const a = value(first, of);
    if (second === undefined) return -a;
    const b = value(second, of);
    if (kind === "/" && b === 0) return NaN;
    return { "+": a + b, "-": a - b, "*": a * b, "/": a / b, "^": a ** b }[kind];
  }

  function points(names) {
    return Array.from({ length: POINTS }, (_, k) => ({
      ...Object.fromEntries(names.map((name, i) => [name, 0.5 + 1.5 * ((Math.sqrt(PRIMES[i]) * (k + 1)) % 1)])),
      "π": Math.PI,
    }));
  }

  function agree(one, other, names) {
    return points(names).every((at) => {
      const [a, b] = [value(one, at), value(other, at)];
      return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b), 1e-300);
    });
  }

  function inWords(dimension) {
    const raised = (power) => [...String(Number(power.toPrecision(6)))].map((sign) => RAISED["0123456789-".indexOf(sign)] ?? "·").join("");
    const parts = Object.entries(dimension).sort(([a], [b]) => (a < b ? -1 : 1));
    return parts.map(([base, power]) => base + (power === 1 ? "" : raised(power))).join(" ") || "a pure number";
  }

  function times(one, other, power = 1) {
    const total = {};
    for (const base of new Set([...Object.keys(one), ...Object.keys(other)])) {
      const exponent = (one[base] ?? 0) + power * (other[base] ?? 0);
      if (Math.abs(exponent) > 1e-9) total[base] = Math.round(exponent * 1e9) / 1e9;
    }
    return total;
  }

  function dimension([kind, first, second], of) {
    if (kind === "number") return {};
    if (kind === "name") return of[first] ?? {};
    if (kind === "call") {
      const found = dimension(second, of);
      if (first === "sqrt") return times({}, found, 0.5);
      if (Object.keys(found).length)
        throw new Misread(`What stands in ${first}(…) must be a pure number, but has the dimension ${inWords(found)}.`);
      return {};
    }
    const one = dimension(first, of);
    if (second === undefined) return one;
    const other = dimension(second, of);
    if (kind === "*") return times(one, other);
    if (kind === "/") return times(one, other, -1);
    if (kind === "^") {
      if (Object.keys(other).length)
        throw new Misread(`An exponent must be a pure number, but has the dimension ${inWords(other)}.`);
      if (!Object.keys(one).length) return {};
      const exponent = value(second, { "π": NaN });
      if (Number.isNaN(exponent)) throw new Misread("What has a dimension can be raised only to a number.");
      return times({}, one, exponent);
    }
    if (inWords(one) !== inWords(other))
      throw new Misread(`Two terms have different dimensions: ${inWords(one)} and ${inWords(other)}.`);
    return one;
  }

  // MathML, which browsers set by themselves.
  function mathematics(tree) {
    const make = (tag, ...children) => {
      const element = document.createElementNS("http://www.w3.org/1998/Math/MathML", tag);
      element.append(...children);
      return element;
    };
    const letter = (text) => make("mi", text);
    const write = ([kind, first, second]) => {
      if (kind === "number") {
        const [digits, exponent] = first.toLowerCase().split("e");
        if (exponent === undefined) return make("mn", digits);
        return make("mrow", make("mn", digits), make("mo", "·"), make("msup", make("mn", "10"), make("mn", String(Number(exponent)))));
      }
      if (kind === "name") {
        const [name, index] = first.split("_");
        return index ? make("msub", letter(name), letter(index)) : letter(name);
      }
      if (kind === "call")
        return first === "sqrt" ? make("msqrt", write(second)) : make("mrow", letter(first), bracketed(second));
      if (second === undefined) return make("mrow", make("mo", "−"), inside(first, "+", "-"));
      if (kind === "/") return make("mfrac", write(first), write(second));
      if (kind === "^") return make("msup", inside(first, "+", "-", "*", "/", "^", "call"), write(second));
      if (kind === "*") {
        const sign = make("mo", second[0] === "number" ? "·" : "\u2062");
        return make("mrow", inside(first, "+", "-"), sign, inside(second, "+", "-"));
      }
      return make("mrow", write(first), make("mo", kind === "-" ? "−" : "+"), inside(second, "+", "-"));
    };
    const bracketed = (part) => make("mrow", make("mo", "("), write(part), make("mo", ")"));
    const inside = (part, ...kinds) => (kinds.includes(part[0]) ? bracketed(part) : write(part));
    const whole = make("math", write(tree));
    whole.setAttribute("displaystyle", "true");
    return whole;
  }

  return { parse, agree, dimension, inWords, mathematics };
})();
