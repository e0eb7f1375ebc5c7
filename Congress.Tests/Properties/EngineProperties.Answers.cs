using System.Collections.Immutable;
using Congress.Data;
using Congress.Datalog.Syntax;

namespace Congress.Tests.Properties;

/// <summary>What must hold for refusals, queries and orders.</summary>
internal static partial class EngineProperties
{
    private static readonly string[] BadTexts =
    [
        "zzz(x) :- ", "zzz(x) :- zz(y)", "zzz(x) :- zz(x), not zy(y)", "zzz(x) :- zz(x), not zzz(x)", "other:zzz(x) :- zz(x)", "zzz(x)",
        "zz(1). zz(1, 2)", "zzz(x) :- zz(x), builtin:nope(x)", "plus(x, y, z) :- zz(x, y, z)", "zz(99999999999999999999)", "insert[zzz(x)] :- zz(x)",
        "zzz(count(x), x) :- zz(x), zzz(_, x)", "zzz(x, y) :- zz(x), y < 2",
    ];

    /// <summary>A batch with one wrong thing in it is refused and changes nothing.</summary>
    public static Verdict RefusedBatchesChangeNothing(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start);
        foreach (var table in program.Tables.Where(_ => random.Next(2) == 0))
        {
            engine.Read(table);
        }

        var (rules, policies) = (Texts(engine.Engine.Rules), Texts(engine.Engine.Policies));
        foreach (var batch in program.Batches)
        {
            var table = program.Tables[random.Next(program.Tables.Length)];
            var text = BadTexts[random.Next(BadTexts.Length)];
            var bad = random.Next(5) == 0 ? EngineUnderTest.BatchOf(batch)
                    .Insert(table.ToString(), new Value[program.Arity(table)]).Insert(table.ToString(), new Value[program.Arity(table) + 1])
                : random.Next(5) == 0 ? EngineUnderTest.BatchOf(batch).Insert("nowhere:t", 1)
                : EngineUnderTest.BatchOf(batch).InsertRules(text, table.Policy);
            Assert.False(engine.Engine.Apply(bad).Permitted, $"a wrong batch is permitted, maybe {text}");
        }

        Assert.Equal((rules, policies), (Texts(engine.Engine.Rules), Texts(engine.Engine.Policies)));
        AnswersAs(program, program.Start, engine, "after refusals");
    });

    /// <summary>An atom with values and repeated variables selects from its table; a rule that is asked answers as one that is stored.</summary>
    public static Verdict QueriesSelect(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start);
        foreach (var table in program.Tables)
        {
            var arguments = Enumerable.Range(0, program.Arity(table))
                .Select(i => random.Next(4) switch { 0 => Domain.Pick(random, (Sort)random.Next(3)).ToString(), 1 => "_", 2 => "x", _ => $"y{i}" }).ToArray();
            var query = $"{table}({string.Join(", ", arguments)})";
            var answers = engine.Query(query, program.Policies[random.Next(program.Policies.Length)].Name);
            Verdict.Same(query, engine.Read(table).Where(row => Selects(arguments, row)).ToHashSet(), answers);
        }

        var asked = program.Start.Rules.Where(r => r.Statement is Formula).Select((rule, i) =>
        {
            var formula = (Formula)rule.Statement;
            var atom = new Atom(Modal.None, null, $"asked{i}", new([.. formula.Head.Terms]), NodeList<NamedArgument>.Empty);
            return new GivenRule(rule.Policy, (formula with { Heads = new(new AtomLiteral(atom, false)) }).ToString());
        }).ToArray();
        var answersToRules = asked.Select(q => engine.Query(q.Text, q.Policy)).ToArray();   // the engine first, as it knows when a program is too large
        var naive = program.Start.Evaluate(asked);
        for (var i = 0; i < asked.Length; i++)
        {
            Verdict.Same(asked[i].Text, naive.RowsOf(new(asked[i].Policy, $"asked{i}")), answersToRules[i]);
        }
    });

    /// <summary>The order of rules, of literals and of rows does not matter, nor whether they come together or one by one.</summary>
    public static Verdict OrderDoesNotMatter(RandomProgram program) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start);
        var shuffled = program.Start.Rules.Select(r => r.Statement is Formula formula
            ? new GivenRule(r.Policy, (formula with { Body = new(Shuffled(formula.Body, random)) }).ToString()) : r);
        using var other = new EngineUnderTest(program, new([.. Shuffled(shuffled, random)], GivenRow.None));
        foreach (var row in Shuffled(program.Start.Rows, random))
        {
            other.Apply([new(true, row, null)]);
        }

        foreach (var table in program.Tables)
        {
            Verdict.Same(table.ToString(), engine.Read(table), other.Read(table));
        }
    });

    private static bool Selects(string[] arguments, Row row)
    {
        var repeated = row.Where((_, i) => arguments[i] == "x").Distinct().Count();
        return repeated <= 1 && Enumerable.Range(0, row.Count).All(i => arguments[i] is "_" or "x" || arguments[i][0] == 'y' || arguments[i] == row[i].ToString());
    }

    private static T[] Shuffled<T>(IEnumerable<T> items, Random random)
    {
        var result = items.ToArray();
        random.Shuffle(result);
        return result;
    }

    private static string Texts<T>(IEnumerable<T> items) => string.Join("\n", items);
}
