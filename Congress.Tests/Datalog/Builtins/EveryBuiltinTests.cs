using System.Globalization;
using Congress.Data;
using Congress.Datalog.Builtins;

namespace Congress.Tests.Datalog.Builtins;

public class EveryBuiltinTests
{
    private static readonly Value[] Odd =
    [
        Value.Null, true, false, Value.UnknownNamed("x"), 0, 1, -1, 2, 24, 2014, long.MaxValue, long.MinValue, (long)int.MaxValue + 1,
        0.0, 0.5, -1.5, 1e300, -1e300, double.Epsilon, double.MaxValue, 9223372036854775808.0, -9223372036854775808.0,
        "", " ", "a", "A:b", "\0", "\uD800", "\uDC00x", "\U0001F600", "1", "-1", "1_0", "1e5", "1e999", "nan", "0x10", "9223372036854775808",
        "True", "False", "None", "'", "\"", "\"a", "(", "[", "a*", "(a+)+$", "(a)\\1", "a{1,1000}", "\\", "\\p{L}", "(?=a)", "(?i)A",
        "2014-01-05", "2014-01-05T10:00:00.5+05:00", "0001-01-01", "9999-12-31 23:59:59.999999", "0001-01-01 00:00:00+23:59", "10:00", "12 PM",
        "Jan 5, 2014", "Sun, 05 Jan 2014 10:00:00 GMT", "13/13/2014", "1:2:3:4:5", "1:2:3:4:5:6", "::", ":", "::1", "fe80::/64", "::/0",
        "10.0.0.0/8", "10.0.0.1", "0.0.0.0/0", "10.0.0.0/255.0.255.0", "255.255.255.255/32", "1:2:3:4:5:6:7:8", "::ffff:1.2.3.4/97",
    ];

    public static TheoryData<string> Names => [.. BuiltinRegistry.Standard.All.Select(b => b.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_makes_a_builtin_throw_or_return_too_few_columns(string name)
    {
        var random = new Random(name.Length);
        for (var i = 0; i < 4000; i++)
        {
            var (builtin, inputs) = AnyCall(name, random);
            var results = ResultsOf(builtin, inputs, maxTextLength: random.Next(200));
            Assert.True(results is null or { Count: <= 1 } || string.Equals(name, "split", StringComparison.Ordinal));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_culture_of_the_host_does_not_matter(string name)
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            var random = new Random(name.Length);
            for (var i = 0; i < 1000; i++)
            {
                var (builtin, inputs) = AnyCall(name, random);
                CultureInfo.CurrentCulture = new CultureInfo("tr-TR");
                var turkish = ResultsOf(builtin, inputs, maxTextLength: 10_000);
                CultureInfo.CurrentCulture = new CultureInfo("ar-SA");
                Assert.Equal(turkish, ResultsOf(builtin, inputs, maxTextLength: 10_000));
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static (Builtin Builtin, Value[] Inputs) AnyCall(string name, Random random)
    {
        Assert.True(BuiltinRegistry.Standard.TryGet(name, out var builtin));
        return (builtin, [.. Enumerable.Range(0, builtin.Inputs).Select(_ => Any(random))]);
    }

    // Null when the text would be too long: the one exception that the evaluation expects.
    private static List<Value[]>? ResultsOf(Builtin builtin, Value[] inputs, int maxTextLength)
    {
        try
        {
            return builtin.Run(inputs, maxTextLength);
        }
        catch (BuiltinLimitException)
        {
            return null;
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"{builtin.Name}({string.Join(", ", inputs)})", e);
        }
    }

    private static Value Any(Random random) => random.Next(10) switch
    {
        0 => random.NextInt64(long.MinValue, long.MaxValue),
        1 => random.Next(-5, 70),
        2 => (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-20, 20)),
        3 => new string([.. Enumerable.Range(0, random.Next(12)).Select(_ => "0123456789:-/.+ TZaAfFpPmM_,"[random.Next(27)])]),
        4 => new string([.. Enumerable.Range(0, random.Next(6)).Select(_ => (char)random.Next(0x10000))]),
        _ => Odd[random.Next(Odd.Length)],
    };
}
