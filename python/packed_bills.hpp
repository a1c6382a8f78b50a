#pragma once

#include "../cost/bill.hpp"
#include "../lab/results/comparison.hpp"
#include "../lab/results/priced.hpp"
#include "../lab/results/to_quality.hpp"
#include "packed.hpp"

namespace ohmlab::python {

template <>
inline constexpr auto packed_members<cost::Band> =
    std::tuple(&cost::Band::nominal, &cost::Band::p05, &cost::Band::p95);
template <>
inline constexpr auto packed_members<cost::Draws> =
    std::tuple(&cost::Draws::nominal, &cost::Draws::values);
template <>
inline constexpr auto packed_members<cost::BillLine> =
    std::tuple(&cost::BillLine::label, &cost::BillLine::joules, &cost::BillLine::seconds);
template <>
inline constexpr auto packed_members<cost::Wear> =
    std::tuple(&cost::Wear::component, &cost::Wear::pulses, &cost::Wear::endurance);
template <>
inline constexpr auto packed_members<cost::Bill> =
    std::tuple(&cost::Bill::boundary, &cost::Bill::seconds, &cost::Bill::core, &cost::Bill::node,
               &cost::Bill::facility, &cost::Bill::host, &cost::Bill::dollars, &cost::Bill::co2,
               &cost::Bill::area, &cost::Bill::cells_seconds, &cost::Bill::launch_seconds,
               &cost::Bill::wear, &cost::Bill::components, &cost::Bill::actions,
               &cost::Bill::stages, &cost::Bill::groups, &cost::Bill::layers);
template <>
inline constexpr auto packed_members<cost::Entry> = std::tuple(
    &cost::Entry::stage, &cost::Entry::component, &cost::Entry::action, &cost::Entry::parameter,
    &cost::Entry::count, &cost::Entry::serial, &cost::Entry::joules, &cost::Entry::seconds,
    &cost::Entry::overlapped, &cost::Entry::layer);
template <>
inline constexpr auto packed_members<cost::Holding> =
    std::tuple(&cost::Holding::component, &cost::Holding::part, &cost::Holding::parameter,
               &cost::Holding::count, &cost::Holding::layer);
template <>
inline constexpr auto packed_members<cost::Unpriced> =
    std::tuple(&cost::Unpriced::component, &cost::Unpriced::missing, &cost::Unpriced::layer);
template <>
inline constexpr auto packed_members<results::PricedSystem> = std::tuple(
    &results::PricedSystem::system, &results::PricedSystem::title, &results::PricedSystem::place,
    &results::PricedSystem::place_title, &results::PricedSystem::unpriced,
    &results::PricedSystem::parameters, &results::PricedSystem::examples,
    &results::PricedSystem::tokens, &results::PricedSystem::flops, &results::PricedSystem::bill,
    &results::PricedSystem::machine, &results::PricedSystem::algorithm,
    &results::PricedSystem::bound);
template <>
inline constexpr auto packed_members<results::Ratio> =
    std::tuple(&results::Ratio::band, &results::Ratio::above_one);
template <>
inline constexpr auto packed_members<results::Quantity> =
    std::tuple(&results::Quantity::name, &results::Quantity::value, &results::Quantity::unit,
               &results::Quantity::meaning);
template <>
inline constexpr auto packed_members<results::Series> =
    std::tuple(&results::Series::name, &results::Series::values, &results::Series::unit,
               &results::Series::meaning);
template <>
inline constexpr auto packed_members<results::Goal> =
    std::tuple(&results::Goal::metric, &results::Goal::value, &results::Goal::toward);
template <>
inline constexpr auto packed_members<results::Sight> =
    std::tuple(&results::Sight::at, &results::Sight::value);
template <>
inline constexpr auto packed_members<results::System> =
    std::tuple(&results::System::name, &results::System::title, &results::System::unpriced,
               &results::System::machine, &results::System::parameters, &results::System::examples,
               &results::System::tokens, &results::System::tally, &results::System::holdings,
               &results::System::algorithm);
template <>
inline constexpr auto packed_members<results::Approach> =
    std::tuple(&results::Approach::goal, &results::Approach::toward, &results::Approach::unit,
               &results::Approach::axis, &results::Approach::reached, &results::Approach::sight,
               &results::Approach::before, &results::Approach::stays, &results::Approach::first,
               &results::Approach::last, &results::Approach::system,
               &results::Approach::system_before, &results::Approach::unknown);
template <>
inline constexpr auto packed_members<results::QualityBill> =
    std::tuple(&results::QualityBill::approach, &results::QualityBill::bills,
               &results::QualityBill::bills_before);

}  // namespace ohmlab::python
