using System.Text;

namespace Congress.Tests.Datalog.Syntax;

/// <summary>Makes policy texts that parse: random statements, with random white space and comments between their tokens.</summary>
internal sealed class PolicyTextMaker(Random random)
{
    private static readonly string[] Spaces = [" ", " ", " ", " ", "  ", "\t", "\n", "\r\n", "\n\n\n"];
    private static readonly string[] Comments =
        ["// c\n", "# d\n", "/* e */", "/* f\n   g */", "/* h\r\n*/", " // i \r\n", "/**/", "// \"quoted\" p(x).\n", "// j\rk\n", "\n// l\n\n\n// m\n"];

    private static readonly string[] Values =
        ["1", "- 5", "0x1F", "1.50", "1e300", "true", "null", "\"a\"", "'it''s'", "r'\\d+'", "\"\\u00e9\\n\"", "\"\"\"tri\nple\"\"\"", "'\\d'"];

    private readonly StringBuilder _text = new();

    public string Make()
    {
        Separate();
        for (var i = random.Next(5); i >= 0; i--)
        {
            foreach (var token in Statement())
            {
                _text.Append(token);
                Separate();
            }

            _text.Append(Pick(".", ";", ""));
            Separate();
        }

        return _text.ToString();
    }

    private void Separate()
    {
        _text.Append(Pick(Spaces));
        if (random.Next(25) == 0)
        {
            _text.Append(Pick(Comments)).Append(Pick(Spaces));
        }
    }

    private IEnumerable<string> Statement() => random.Next(10) switch
    {
        0 => ["declare", .. Name(), "(", "a", ":", Pick("text", "int", "any"), ",", "b", ")"],
        1 => Fact(),
        2 => ["insert", "[", .. Atom(), ":-", .. Body(), "]"],
        _ => [.. Annotations(), .. Atom(), .. (random.Next(5) == 0 ? (string[])[",", .. Atom()] : []), ":-", .. Body()],
    };

    private IEnumerable<string> Fact() =>
        random.Next(4) == 0 ? [Pick("p", "q")] : [.. Name(), "(", .. List(random.Next(4), () => [Pick(Values)]), ")"];

    private IEnumerable<string> Annotations() =>
    [
        .. Sometimes("@", "message", "(", Pick("'{x} is bad'", "\"m\""), ")"),
        .. Sometimes("@", "id", "(", "'r1'", ")"),
        .. Sometimes("@", "severity", "(", Pick("error", "info"), ")"),
    ];

    private IEnumerable<string> Body() => List(1 + random.Next(random.Next(8) == 0 ? 14 : 4), Literal);

    private IEnumerable<string> Literal() => random.Next(6) switch
    {
        0 => [Pick("not", "!"), .. Atom()],
        1 => [Pick("x", "y", "1", "'a'"), Pick("=", "!=", "<", "<=", ">", ">="), Term()],
        2 => [.. Name(), "(", Term(), ",", "id", "=", Term(), ")"],
        3 => [Pick("execute", "delete"), "[", .. Name(), "(", Term(), ")", "]"],
        _ => Atom(),
    };

    private IEnumerable<string> Atom() => [.. Name(), "(", .. List(random.Next(4), () => [Term()]), ")"];

    private IEnumerable<string> Name() => random.Next(4) == 0 ? ["nova", ":", Pick("servers", "a.b")] : [Pick("p", "q", "a_table_with_a_long_name")];

    private string Term() => random.Next(3) == 0 ? Pick(Values) : Pick("x", "y", "_", "_z");

    private IEnumerable<string> List(int count, Func<IEnumerable<string>> make) =>
        Enumerable.Range(0, count).SelectMany(i => i == 0 ? make() : [",", .. make()]);

    private string[] Sometimes(params string[] tokens) => random.Next(6) == 0 ? tokens : [];

    private T Pick<T>(params T[] choices) => choices[random.Next(choices.Length)];
}
