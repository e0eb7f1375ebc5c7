using Congress.Data;
using Congress.Datasources.Drivers.Sql;

namespace Congress.Tests.Datasources.Sql;

public sealed class SqlValuesTests
{
    public static TheoryData<object, string> Fields { get; } = new()
    {
        { DBNull.Value, "null" },
        { true, "true" },
        { (byte)7, "7" },
        { (short)-7, "-7" },
        { 7u, "7" },
        { ulong.MaxValue, "1.8446744073709552e+19" },
        { 1.5f, "1.5" },
        { double.NaN, "\"NaN\"" },
        { 12m, "12" },
        { 12.50m, "12.5" },
        { 1.00m, "1.0" },
        { decimal.MaxValue, "7.922816251426434e+28" },
        { new DateTime(2026, 1, 31, 12, 0, 0, DateTimeKind.Utc), "\"2026-01-31T12:00:00Z\"" },
        { new DateTime(2026, 1, 31, 12, 0, 0, 250, DateTimeKind.Unspecified), "\"2026-01-31T12:00:00.25\"" },
        { new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(2)), "\"2026-01-31T12:00:00+02:00\"" },
        { new DateOnly(2026, 1, 31), "\"2026-01-31\"" },
        { new TimeOnly(12, 30), "\"12:30:00\"" },
        { TimeSpan.FromMinutes(90), "\"01:30:00\"" },
        { Guid.Empty, "\"00000000-0000-0000-0000-000000000000\"" },
        { new byte[] { 0, 255 }, "\"00ff\"" },
        { 'x', "\"x\"" },
    };

    [Theory]
    [MemberData(nameof(Fields))]
    public void A_field_of_any_type_is_a_value(object field, string literal) => Assert.Equal(literal, SqlValues.Of(field).ToString());

    [Fact]
    public void Zero_and_one_are_booleans_where_booleans_are_wanted()
    {
        var column = new Column("x", ColumnType.Bool);
        Assert.Equal([Value.False, Value.True, Value.Null], [SqlValues.Of(0L, column), SqlValues.Of(1, column), SqlValues.Of(DBNull.Value, column)]);
        Assert.Equal("column 'x' takes true or false, found 2", Configured.Refusal(() => SqlValues.Of(2L, column)));
    }
}
