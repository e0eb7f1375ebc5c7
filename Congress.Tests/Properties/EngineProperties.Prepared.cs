using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Policies;

namespace Congress.Tests.Properties;

/// <summary>What must hold for prepared queries.</summary>
internal static partial class EngineProperties
{
    /// <summary>A prepared query answers as the query with the values in the places of its variables, whether its tables are kept or
    /// not, and also after rows and rules have changed.</summary>
    public static Verdict PreparedQueriesAnswerAsTexts(RandomProgram program) => PreparedQueriesAnswerAsTexts(program, new());

    /// <inheritdoc cref="PreparedQueriesAnswerAsTexts(RandomProgram)"/>
    /// <param name="program">The program.</param>
    /// <param name="tally">Counts what kinds of answers there were.</param>
    public static Verdict PreparedQueriesAnswerAsTexts(RandomProgram program, Tally tally) => Verdict.Of(() =>
    {
        var random = new Random(program.Seed);
        using var engine = new EngineUnderTest(program, program.Start);
        using var kept = engine.Engine.Maintain([.. program.Tables.Where(_ => random.Next(2) == 0).Select(t => t.ToString())]);
        var questions = Questions(program, engine, random);
        AnswerAsTexts(program, engine, questions, random, tally);
        foreach (var batch in program.Batches.Take(2))
        {
            engine.Apply(batch);
            AnswerAsTexts(program, engine, questions, random, tally);
        }
    });

    private static List<Question> Questions(RandomProgram program, EngineUnderTest engine, Random random)
    {
        var atoms = program.Tables.Select(t => new Question(
            $"{t}({string.Join(", ", Enumerable.Range(0, program.Arity(t)).Select(i => random.Next(4) == 0 ? "x" : $"y{i}"))})",
            program.Policies[0].Name, [.. Enumerable.Range(0, program.Arity(t)).Select(i => $"y{i}").Append("x")]));
        var rules = program.Start.Rules.Where(r => r.Statement is Formula).Select((rule, i) =>
        {
            var formula = (Formula)rule.Statement;
            var atom = new Atom(Modal.None, null, $"asked{i}", new([.. formula.Head.Terms]), NodeList<NamedArgument>.Empty);
            return new Question((formula with { Heads = new(new AtomLiteral(atom, false)) }).ToString(), rule.Policy, [.. formula.Variables.Distinct()]);
        });
        var questions = new List<Question>();
        foreach (var question in atoms.Concat(rules))
        {
            var formula = FormulaOf(question.Text);
            string[] given = [.. question.Given.Where(v => formula.Variables.Contains(v) && random.Next(2) == 0)];
            var isAggregated = formula.Head.Terms.OfType<Aggregate>().Any(a => given.Contains(a.Variable.Name));
            if (!isAggregated)
            {
                questions.Add(question with { Given = given, Prepared = engine.Engine.Prepare(question.Text, given, question.Policy) });
            }
        }

        return questions;
    }

    private static void AnswerAsTexts(RandomProgram program, EngineUnderTest engine, List<Question> questions, Random random, Tally tally)
    {
        foreach (var (text, policy, given, prepared) in questions)
        {
            var formula = FormulaOf(text);
            var present = engine.Query(text, policy).ToArray();   // the engine first, as it knows when a program is too large
            var values = given.ToDictionary(name => name, name => ValueFor(name, formula, present, random));
            var asked = formula with
            {
                Heads = new([.. formula.Heads.Select(h => (AtomLiteral)h.With(ValueOf))]),
                Body = new([.. formula.Body.Select(l => l.With(ValueOf))]),
            };
            var expected = engine.Query(asked.ToString(), policy);
            var inOrder = given.Select(name => values[name]).ToArray();
            var answers = prepared!.Ask(inOrder);
            Verdict.Same($"{text} given {string.Join(", ", values)}", expected, answers.ToHashSet());
            Assert.True(answers.Count == expected.Count, $"{text} has an answer twice");
            Assert.Equal(expected.Count > 0, prepared.Any(inOrder));
            tally.Count(expected.Count == 0 ? "without answers" : given.Length == 0 ? "without values" : formula.IsFact ? "atoms" : "rules");

            Value? ValueOf(string name) => values.TryGetValue(name, out var value) ? value : default(Value?);
        }
    }

    /// <summary>A value that an answer has, where the variable stands in the head, so that there is an answer; or any.</summary>
    private static Value ValueFor(string name, Formula formula, Row[] present, Random random)
    {
        var column = formula.Head.Terms.ToList().FindIndex(t => t is Variable variable && variable.Name == name);
        return column < 0 || present.Length == 0 || random.Next(4) == 0
            ? Domain.Pick(random, (Sort)random.Next(4)) : present[random.Next(present.Length)][column];
    }

    private static Formula FormulaOf(string text) => (Formula)Parser.Parse(text, "asked").Statements.Single();

    private sealed record Question(string Text, string Policy, string[] Given, PreparedQuery? Prepared = null);
}
