using Congress.Data;
using Congress.Policies;

namespace Congress.Tests.Policies;

/// <summary>What is foreseen of a call, by the effects that a policy describes.</summary>
public sealed class ForesightTests
{
    private const string Stops = "execute[cloud:stop(x)] :- vm(x, \"up\"). vm(\"a\", \"up\").";

    [Theory]
    [InlineData("", null)]   // nothing is described
    [InlineData("action(\"stop\").", null)]   // a name without effects
    [InlineData("action(\"stop\"). vm-(x, y) :- stop(x), vm(x, y). vm+(x, \"off\") :- stop(x).", null)]
    [InlineData("action(\"stop\"). vm+(x, \"off\") :- stop(x).", "policy acts describes no effect of it that ends its condition")]
    [InlineData("action(\"stop\"). vm-(x, \"up\") :- stop(x). vm+(x, \"up\") :- stop(x).", "policy acts describes no effect of it that ends its condition")]
    [InlineData("action(\"start\"). vm+(x, \"off\") :- start(x).", null)]   // another action
    public async Task What_an_action_does_not_end_is_told(string effects, string? expected)
    {
        await using var engine = Make(Stops, effects);
        Assert.Equal(expected, engine.Foresee(new("policy", "cloud", "stop", new("a")))?.Text);
    }

    [Fact]
    public async Task Two_actions_that_bring_each_other_back_are_a_loop()
    {
        await using var engine = Make(
            "execute[cloud:stop(x)] :- vm(x, \"up\"). execute[cloud:start(x)] :- vm(x, \"off\"), wanted(x). vm(\"a\", \"up\"). vm(\"b\", \"up\"). wanted(\"a\").",
            """
            action("stop"). action("start").
            vm-(x, y) :- stop(x), vm(x, y). vm+(x, "off") :- stop(x).
            vm-(x, y) :- start(x), vm(x, y). vm+(x, "up") :- start(x).
            """);
        var found = engine.Foresee(new("policy", "cloud", "stop", new("a")));
        Assert.Equal(new("by its effects, as policy acts describes them, it brings its own condition back: "
            + "execute[cloud:stop(\"a\")], then execute[cloud:start(\"a\")], then execute[cloud:stop(\"a\")]", IsLoop: true), found);
        Assert.Null(engine.Foresee(new("policy", "cloud", "stop", new("b"))));
        Assert.Equal(2, engine.Query("vm(x, \"up\")").Count);   // it was only supposed
    }

    [Fact]
    public async Task An_action_whose_calls_ask_for_others_of_it_is_told()
    {
        await using var engine = Make("execute[cloud:copy(x)] :- todo(x). todo(1).", "action(\"copy\"). todo-(x) :- copy(x). todo+(y) :- copy(x), plus(x, 1, y).");
        Assert.Equal(new("by its effects, as policy acts describes them, each call asks for another: "
            + "execute[cloud:copy(1)], then execute[cloud:copy(2)], then execute[cloud:copy(3)], then execute[cloud:copy(4)]", IsLoop: false), engine.Foresee(new("policy", "cloud", "copy", new(1))));
    }

    private static PolicyEngine Make(string rules, string effects)
    {
        var engine = PolicyEngine.Create(rules);
        engine.CreatePolicy("acts", PolicyKind.Action);
        engine.InsertRules(effects, "acts");
        return engine;
    }
}
