using Congress.Data;

namespace Congress.Policies;

/// <summary>A call of an action that a rule asks for: a row of an <c>execute</c> head that was not there before.</summary>
/// <param name="Policy">The policy whose rule asks for it.</param>
/// <param name="Service">The service to call; the policy itself where the rule names none.</param>
/// <param name="Action">The action of the service.</param>
/// <param name="Arguments">The arguments.</param>
public sealed record ActionCall(string Policy, string Service, string Action, Row Arguments)
{
    /// <summary>The service and the action: <c>nova:pause</c>.</summary>
    public string Name => $"{Service}:{Action}";

    /// <summary>The call as the head of a rule: <c>execute[nova:pause("vm-1")]</c>.</summary>
    public override string ToString() => $"execute[{Name}{Arguments}]";

    internal static ActionCall Of(TableName table, Row row)
    {
        var action = TableName.Parse(table.Table, table.Policy);
        return new(table.Policy, action.Policy, action.Table, row);
    }
}
