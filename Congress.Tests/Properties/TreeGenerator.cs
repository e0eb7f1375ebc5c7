using System.Text;
using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Tests.Properties;

/// <summary>Makes statements of every form that the parser can give, strange ones too, that need not mean anything.</summary>
internal sealed class TreeGenerator(Random random)
{
    private static readonly string[] Names =
    [
        "p", "q", "_", "x", "declare", "distinct", "count", "sum", "builtin", "a.b", "a.b.c", "_1", "é", "名前", "true_", "r", "u", "br", "e1", "x0", "Execute", "Not", "𝒳y",
    ];

    private const string Special = "\"\\'\n\r\t\0\u0085\u2028\u2029\uFEFF#/*%{}nuxU";

    private static readonly string[] Severities = ["error", "warning", "info"];

    private static readonly double[] Reals = [0, 0.1, -0.1, 1e16, -1e-5, double.MaxValue, double.MinValue, double.Epsilon, 123456789.25, 1e21, 5e-324, 1.0, 100];

    public Statement Statement() => random.Next(10) switch
    {
        0 => new Declaration(Policy(out var table), table, List(random.Next(4), Column, c => c.Name)),
        1 => new Event(random.Next(2) == 0, Rule(Annotations.None), Maybe(Text)),
        2 => Fact(),
        _ => Rule(RandomAnnotations()),
    };

    private Formula Rule(Annotations annotations) =>
        new(List(random.Next(5) == 0 ? 2 : 1, Head), List(random.Next(1, 5), Literal), annotations);

    private Formula Fact() => new(new(new AtomLiteral(Atom(inHead: true), false)), NodeList<Literal>.Empty, RandomAnnotations());

    private AtomLiteral Head() => new(Atom(inHead: true), random.Next(8) == 0);

    private Literal Literal() => random.Next(4) == 0
        ? new Comparison(Term(), (ComparisonOperator)random.Next(6), Term()) : new AtomLiteral(Atom(inHead: false), random.Next(3) == 0);

    private Atom Atom(bool inHead)
    {
        var positions = random.Next(5);
        var named = random.Next(3) == 0 ? List(random.Next(1, 4), () => random.Next(2) == 0
            ? new NamedArgument(random.Next(6) == 0 ? "not" : Name(), -1, Term()) : new NamedArgument(null, positions + random.Next(20), Term()),
            n => (n.Column, n.Position)) : NodeList<NamedArgument>.Empty;
        var sign = random.Next(6) switch { 0 => "+", 1 => "-", _ => "" };
        var arguments = List(positions, () => inHead && random.Next(5) == 0 ? Aggregate() : Term());
        return new(random.Next(6) == 0 ? (Modal)random.Next(4) : Modal.None, Policy(out var table), table + sign, arguments, named);
    }

    private Aggregate Aggregate()
    {
        var function = (AggregateFunction)random.Next(5);
        return new(function, function == AggregateFunction.Count && random.Next(2) == 0, new(Name()));
    }

    private Term Term() => random.Next(2) == 0 ? new Variable(Name()) : new Constant(random.Next(6) switch
    {
        0 => Value.Of(Reals[random.Next(Reals.Length)]),
        1 => Value.Of(BitConverter.Int64BitsToDouble(random.NextInt64()) is var real && double.IsFinite(real) ? real : 1.5),
        2 => Value.Of(random.Next(4) switch { 0 => long.MinValue, 1 => long.MaxValue, 2 => random.NextInt64(long.MinValue, long.MaxValue), _ => random.Next(-3, 3) }),
        3 => random.Next(3) switch { 0 => Value.True, 1 => Value.False, _ => Value.Null },
        _ => Value.Of(Text()),
    });

    private string Text()
    {
        var text = new StringBuilder();
        for (var length = random.Next(8); length > 0; length--)
        {
            _ = random.Next(4) switch
            {
                0 => text.Append((char)random.Next(0x10000)),
                1 => text.Append(Special[random.Next(Special.Length)]),
                2 => text.Append(char.ConvertFromUtf32(random.Next(0x10000, 0x110000))),
                _ => text.Append((char)random.Next(' ', 127)),
            };
        }

        return text.ToString();
    }

    private Annotations RandomAnnotations() => random.Next(4) > 0 ? Annotations.None
        : new(Maybe(Text), Maybe(() => Severities[random.Next(3)]), Maybe(Text));

    private Column Column() => new(Name(), (ColumnType)random.Next(5));

    /// <summary>A policy and a table in it, which alone may have colons.</summary>
    private string? Policy(out string table)
    {
        var policy = Maybe(Name);
        table = policy is not null && random.Next(4) == 0 ? $"{Name()}:{Name()}" : Name();
        return policy;
    }

    private string Name() => Names[random.Next(Names.Length)];

    private string? Maybe(Func<string> make) => random.Next(2) == 0 ? make() : null;

    private static NodeList<T> List<T>(int count, Func<T> make) => new([.. Enumerable.Range(0, count).Select(_ => make())]);

    private static NodeList<T> List<T>(int count, Func<T> make, Func<T, object> key) =>
        new([.. Enumerable.Range(0, count).Select(_ => make()).DistinctBy(key)]);
}
