using System.Globalization;
using System.Text;
using Congress.Data;

namespace Congress.Datalog.Answers;

/// <summary>Writes a plan report for people, its columns aligned.</summary>
internal static class PlanText
{
    public static string Of(PlanReport report)
    {
        var steps = report.Strata.SelectMany(s => s.Rules).SelectMany(r => r.Steps).ToArray();
        var verbs = Widest(steps.Select(s => s.Verb));
        var conditions = Math.Min(80, Widest(steps.Select(s => s.Condition)));
        var result = new StringBuilder();
        for (var i = 0; i < report.Strata.Count; i++)
        {
            AppendStratum(result, i + 1, report.Strata[i]);
            foreach (var rule in report.Strata[i].Rules)
            {
                AppendRule(result, rule);
                foreach (var step in rule.Steps)
                {
                    AppendStep(result, step, verbs, conditions);
                }
            }
        }

        return result.ToString();
    }

    private static void AppendStratum(StringBuilder result, int number, PlanStratum stratum)
    {
        result.Append("stratum ").Append(number).Append(": ").AppendJoin(", ", stratum.Tables.Select(t => t.ToString()));
        result.Append(stratum.IsRecursive ? ", recursive" : "");
        Line(stratum.Rows is { } rows ? result.Append(", ").Append(Rows(rows)) : result);
    }

    private static void AppendRule(StringBuilder result, RulePlan rule)
    {
        result.Append("  ").Append(rule.Rule);
        if (rule.Delta is not null)
        {
            result.Append("   // each round, from the new rows of ").Append(rule.Delta);
        }

        Line(rule.Elapsed is { } elapsed ? result.Append(rule.Delta is null ? "   // " : "; ").Append(Time(elapsed)) : result);
    }

    private static void AppendStep(StringBuilder result, RuleStep step, int verbs, int conditions)
    {
        result.Append("    ").Append(step.Verb.PadRight(verbs)).Append("  ").Append(step.Condition.PadRight(conditions))
            .Append("  expected ").Append(Estimate(step.Estimate).PadRight(9));
        if (step.Bindings is { } bindings)
        {
            result.Append("  gave ").Append(bindings.ToString(CultureInfo.InvariantCulture).PadRight(10));
        }

        Line(step.Elapsed is { } elapsed ? result.Append("  ").Append(Time(elapsed)) : result);
    }

    private static void Line(StringBuilder result)
    {
        while (result[^1] == ' ')
        {
            result.Length--;
        }

        result.Append('\n');
    }

    private static int Widest(IEnumerable<string> texts) => texts.Select(t => t.Length).DefaultIfEmpty().Max();

    private static string Rows(long rows) => rows == 1 ? "1 row" : string.Create(CultureInfo.InvariantCulture, $"{rows} rows");

    private static string Estimate(double estimate) => estimate.ToString(estimate >= 100 ? "F0" : "0.##", CultureInfo.InvariantCulture);

    private static string Time(TimeSpan elapsed) => string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMilliseconds:F2} ms");
}
