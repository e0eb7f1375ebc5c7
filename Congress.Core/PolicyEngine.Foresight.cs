using Congress.Data;
using Congress.Datalog.Syntax;
using Congress.Policies;

namespace Congress;

/// <summary>What is foreseen of actions.</summary>
public sealed partial class PolicyEngine
{
    private const int ForeseenCalls = 4;
    private const int Alike = 3;   // from so many calls of one action in a row on, each asking for the next, somebody should look

    /// <summary>Foresees what a call that rules ask for brings about, by the effects that a policy of kind action describes: whether its condition comes back, or never goes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Stops the work.</param>
    /// <returns>What is wrong with it; null when nothing is, or its effects are not described.</returns>
    /// <exception cref="Diagnostics.PolicyException">The effects cannot be worked out.</exception>
    /// <remarks>The call is made in a what-if, and then the first of the calls that rules ask for in consequence, up to four in a row.</remarks>
    public Foresight? Foresee(ActionCall call, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(call);
        var (made, whatIf) = (new List<ActionCall>(), Simulate());
        for (ActionCall? next = call; next is not null && made.Count < ForeseenCalls;)
        {
            if (Describer(next) is not { } policy)
            {
                return null;
            }

            made.Add(next);
            whatIf = whatIf.Do($"{next.Action}({string.Join(", ", next.Arguments)})", policy, next.Policy);
            var result = whatIf.Run(call.ToString(), call.Policy, cancellationToken);
            var isAsked = result.Answers.Count > 0;
            if (made.Count == 1 && isAsked)
            {
                return new($"policy {policy} describes no effect of it that ends its condition", IsLoop: false);
            }

            next = isAsked ? call : result.Actions.FirstOrDefault(a => !made.Contains(a));
            if (isAsked || (next?.Name == call.Name && made.Count >= Alike && made.TrueForAll(m => m.Name == call.Name)))
            {
                return new($"by its effects, as policy {policy} describes them, {(isAsked ? "it brings its own condition back" : "each call asks for another")}: {string.Join(", then ", made.Append(next!))}", isAsked);
            }
        }

        return null;
    }

    /// <summary>The policy that describes effects of an action. What is only named, as a notification may be, has none.</summary>
    private string? Describer(ActionCall call)
    {
        foreach (var policy in Policies.Where(p => p.Kind == PolicyKind.Action))
        {
            var known = Query("action(x)", policy.Name).Select(r => r[0].ToPlainText()).ToHashSet(StringComparer.Ordinal);
            var used = Rules.Where(r => r.Policy == policy.Name && r.State == RuleState.Active).SelectMany(r => Parser.Parse(r.Text, null).Statements).OfType<Formula>()
                .SelectMany(f => f.Body).OfType<AtomLiteral>().Select(l => l.Atom.FullName).ToHashSet(StringComparer.Ordinal);
            if (known.Contains(call.Action) && used.Contains(call.Action))
            {
                return policy.Name;
            }
        }

        return null;
    }
}
