//! A tidy estate with its evidence, and ways to spoil it, for the tests of every room above.

#[cfg(test)]
pub mod certificates;
#[cfg(test)]
pub mod estate;
#[cfg(test)]
pub mod finops;
#[cfg(test)]
pub mod foreign;
#[cfg(test)]
pub mod privileges;
#[cfg(test)]
pub mod spoil;
#[cfg(test)]
pub mod tenant;
#[cfg(test)]
pub mod tidy;
